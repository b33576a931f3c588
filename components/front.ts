import type { CustomResourceOptions } from "@pulumi/pulumi";
import { metadata, selector } from "../model/metadata";
import type { Owner, ServicePlan } from "../model/plan";

/** The name of the Service without an address of its own, which gives a StatefulSet's pods their names. */
export const headlessName = (service: string) => `${service}-headless`;

/** The Service in front of a service's pods. A headless one gives a StatefulSet's pods their names. */
export function serviceArgs(owner: Owner, service: ServicePlan, headless: boolean) {
  const name = headless ? headlessName(service.name) : service.name;
  const meta = metadata(owner, service.name, service.component, name, service.namespace);
  const { type, annotations, nodePorts, ...front } = (!headless && service.front) || { type: "ClusterIP" as const };
  return {
    // Pulumi waits for the workload. Waiting for its endpoints too would occupy one of the few parallel updates, and
    // for a load balancer's address it would wait ten minutes where no controller gives one.
    metadata: { ...meta, annotations: { ...annotations, ...meta.annotations, "pulumi.com/skipAwait": "true" } },
    spec: {
      ...(headless ? { clusterIP: "None" } : { type, ...front }),
      selector: selector(service.name),
      ports: service.container.ports.map(({ name, port }) => ({
        name,
        port,
        targetPort: name,
        protocol: "TCP",
        ...(nodePorts?.[name] !== undefined && { nodePort: nodePorts[name] }),
      })),
    },
  };
}

/**
 * A load balancer's class can't be changed, so another one makes the Service anew, with another address. Its name is
 * fixed, so the old one goes first.
 */
export const frontOptions = ({ front }: ServicePlan): CustomResourceOptions =>
  front?.type === "LoadBalancer" ? { replaceOnChanges: ["spec.loadBalancerClass"], deleteBeforeReplace: true } : {};

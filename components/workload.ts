import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { labels, metadata, selector, unprotectedAnnotation } from "../model/metadata";
import type { Port } from "../model/container";
import type { VolumePlan } from "../model/storage";
import type { MoverPlan, Owner, ServicePlan } from "../model/plan";
import { servicePod } from "./pod";

function template(
  owner: Owner,
  service: ServicePlan,
  checksum?: pulumi.Output<string>,
  mover?: MoverPlan,
): types.input.core.v1.PodTemplateSpec {
  return {
    metadata: {
      labels: labels(owner, service.name, service.component),
      ...(checksum && { annotations: { "cluster-storage/secrets": checksum } }),
    },
    spec: servicePod(service, mover),
  };
}

function workloadMetadata(owner: Owner, service: ServicePlan) {
  const meta = metadata(owner, service.name, service.component, service.name, service.namespace);
  // A move stops the workload and switches its volume: what it set is taken over again, and is the same.
  return { ...meta, annotations: { ...meta.annotations, "pulumi.com/patchForce": "true" } };
}

export function deploymentArgs(
  owner: Owner,
  service: ServicePlan,
  checksum?: pulumi.Output<string>,
  mover?: MoverPlan,
) {
  return {
    metadata: workloadMetadata(owner, service),
    spec: {
      replicas: 1,
      // The new pod can't have the volume before the old one has let go of it.
      strategy: { type: "Recreate" },
      selector: { matchLabels: selector(service.name) },
      template: template(owner, service, checksum, mover),
    },
  };
}

/** Claims that the StatefulSet's controller names; one that is ephemeral has none. */
export const templatesOf = ({ claims }: ServicePlan) =>
  claims.filter(({ template, ephemeral }) => template && !ephemeral);

const headlessName = (service: string) => `${service}-headless`;

export function statefulSetArgs(
  owner: Owner,
  service: ServicePlan,
  checksum?: pulumi.Output<string>,
  mover?: MoverPlan,
) {
  const templates = templatesOf(service);
  return {
    metadata: workloadMetadata(owner, service),
    spec: {
      replicas: 1,
      serviceName: headlessName(service.name),
      selector: { matchLabels: selector(service.name) },
      template: template(owner, service, checksum, mover),
      ...(templates.length > 0 && {
        volumeClaimTemplates: templates.map((claim) => ({
          metadata: { name: claim.template },
          spec: claimSpec(claim),
        })),
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
      }),
    },
  };
}

/** A claim without a class has no storageClassName, so the cluster's default takes it; "" stays, for static volumes. */
function claimSpec({ accessMode, size, className, volumeName }: VolumePlan) {
  return {
    accessModes: [accessMode],
    resources: { requests: { storage: size } },
    ...(className === undefined ? {} : { storageClassName: className }),
    ...(volumeName === undefined ? {} : { volumeName }),
  };
}

export function claimArgs(owner: Owner, service: ServicePlan, claim: VolumePlan) {
  const meta = metadata(owner, service.name, service.component, claim.name, claim.namespace);
  const unprotected: Record<string, string> = claim.protect ? {} : { [unprotectedAnnotation]: "true" };
  // Bound at once to a volume that is there, it would be waited for as one that never binds.
  const bound: Record<string, string> = claim.volumeName ? { "pulumi.com/skipAwait": "true" } : {};
  return {
    metadata: { ...meta, annotations: { ...meta.annotations, ...claim.annotations, ...unprotected, ...bound } },
    spec: claimSpec(claim),
  };
}

/** A Service in front of the service's pods; a headless one gives a StatefulSet's pods their names. */
export function serviceArgs(owner: Owner, service: ServicePlan, headless: boolean) {
  const name = headless ? headlessName(service.name) : service.name;
  const meta = metadata(owner, service.name, service.component, name, service.namespace);
  return {
    // The workload is waited for; waiting for its endpoints too would hold up one of the few updates at a time.
    metadata: { ...meta, annotations: { ...meta.annotations, "pulumi.com/skipAwait": "true" } },
    spec: {
      ...(headless ? { clusterIP: "None" } : { type: "ClusterIP" }),
      selector: selector(service.name),
      ports: service.container.ports.map(({ name, port }: Port) => ({ name, port, targetPort: name, protocol: "TCP" })),
    },
  };
}

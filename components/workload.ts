import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { labels, metadata, selector } from "../plan/metadata";
import type { ClaimPlan, Owner, Port, ServicePlan } from "../plan/types";
import { servicePod } from "./pod";

function template(owner: Owner, service: ServicePlan, checksum?: pulumi.Output<string>): types.input.core.v1.PodTemplateSpec {
  return {
    metadata: {
      labels: labels(owner, service.name, service.component),
      ...(checksum && { annotations: { "cluster-storage/secrets": checksum } }),
    },
    spec: servicePod(service),
  };
}

const serviceMetadata = (owner: Owner, service: ServicePlan) => metadata(owner, service.name, service.component, service.name, service.namespace);

export function deploymentArgs(owner: Owner, service: ServicePlan, checksum?: pulumi.Output<string>) {
  return {
    metadata: serviceMetadata(owner, service),
    spec: {
      replicas: 1,
      // The new pod can't have the volume before the old one has let go of it.
      strategy: { type: "Recreate" },
      selector: { matchLabels: selector(service.name) },
      template: template(owner, service, checksum),
    },
  };
}

export const headlessName = (service: string) => `${service}-headless`;

export function statefulSetArgs(owner: Owner, service: ServicePlan, checksum?: pulumi.Output<string>) {
  const templates = service.claims.filter(({ template }) => template);
  return {
    metadata: serviceMetadata(owner, service),
    spec: {
      replicas: 1,
      serviceName: headlessName(service.name),
      selector: { matchLabels: selector(service.name) },
      template: template(owner, service, checksum),
      ...(templates.length > 0 && {
        volumeClaimTemplates: templates.map((claim) => ({ metadata: { name: claim.template }, spec: claimSpec(claim) })),
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
      }),
    },
  };
}

/** A claim without a class has no storageClassName, so the cluster's default takes it; "" stays, for static volumes. */
export function claimSpec({ accessMode, size, className }: ClaimPlan) {
  return {
    accessModes: [accessMode],
    resources: { requests: { storage: size } },
    ...(className === undefined ? {} : { storageClassName: className }),
  };
}

export function claimArgs(owner: Owner, service: ServicePlan, claim: ClaimPlan) {
  const meta = metadata(owner, service.name, service.component, claim.name, claim.namespace);
  return { metadata: { ...meta, annotations: { ...meta.annotations, ...claim.annotations } }, spec: claimSpec(claim) };
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

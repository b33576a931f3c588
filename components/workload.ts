import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import {
  checksumAnnotation,
  labels,
  metadata,
  notForVeleroLabel,
  selector,
  unprotectedAnnotation,
} from "../model/metadata";
import { canonical } from "../model/quantity";
import type { VolumePlan } from "../model/storage";
import type { MoverPlan, Owner, ServicePlan } from "../model/plan";
import { readyWithin } from "../plan/waits";
import { headlessName } from "./front";
import { servicePod } from "./pod";

/** Annotations of a pod: whatever is other there is another pod. */
export type Marks = Record<string, pulumi.Input<string>>;

function template(
  owner: Owner,
  service: ServicePlan,
  marks: Marks = {},
  mover?: MoverPlan,
): types.input.core.v1.PodTemplateSpec {
  const { podAnnotations, podLabels } = service.pod ?? {};
  const annotations = { ...podAnnotations, ...service.velero, ...marks };
  return {
    metadata: {
      labels: { ...podLabels, ...labels(owner, service.name, service.component) },
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
    spec: servicePod(owner, service, mover),
  };
}

function workloadMetadata(owner: Owner, service: ServicePlan) {
  const meta = metadata(owner, service.name, service.component, service.name, service.namespace);
  // A move sets the same fields when it switches the volume. The next update takes them over again.
  return { ...meta, annotations: { ...meta.annotations, "pulumi.com/patchForce": "true" } };
}

export function deploymentArgs(owner: Owner, service: ServicePlan, marks?: Marks, mover?: MoverPlan) {
  return {
    metadata: workloadMetadata(owner, service),
    spec: {
      replicas: 1,
      // Otherwise Kubernetes reports after ten minutes that it failed, while the service may still start.
      progressDeadlineSeconds: readyWithin(service.graceSeconds, service.container.probes),
      // The new pod can't mount the volume before the old pod has released it.
      strategy: { type: "Recreate" },
      selector: { matchLabels: selector(service.name) },
      template: template(owner, service, marks, mover),
    },
  };
}

/** The arguments of the service's workload, of whichever kind it is. `checksum`: of its passwords. */
export const workloadArgs = (owner: Owner, mover: MoverPlan, service: ServicePlan, checksum?: string) =>
  (service.kind === "Deployment" ? deploymentArgs : statefulSetArgs)(
    owner,
    service,
    checksum === undefined ? {} : { [checksumAnnotation]: checksum },
    mover,
  );

/** The claims that come from a template. An ephemeral volume has no claim. */
export const templatesOf = ({ claims }: ServicePlan) =>
  claims.filter(({ template, ephemeral }) => template && !ephemeral);

export function statefulSetArgs(owner: Owner, service: ServicePlan, marks?: Marks, mover?: MoverPlan) {
  const templates = templatesOf(service);
  return {
    metadata: workloadMetadata(owner, service),
    spec: {
      replicas: 1,
      serviceName: headlessName(service.name),
      selector: { matchLabels: selector(service.name) },
      template: template(owner, service, marks, mover),
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

/**
 * Who grew a claim by kubectl owns its size, and every other size in the config would be a conflict. The guard has
 * compared the size with the cluster's.
 */
const takesSize: Record<string, string> = { "pulumi.com/patchForce": "true" };

/**
 * A claim without a class has no storageClassName, so it gets the cluster's default class. "" is for static volumes.
 */
function claimSpec({ accessMode, size, className, volumeName }: VolumePlan) {
  return {
    accessModes: [accessMode],
    resources: { requests: { storage: canonical(size) } },
    ...(className === undefined ? {} : { storageClassName: className }),
    ...(volumeName === undefined ? {} : { volumeName }),
  };
}

export function claimArgs(owner: Owner, service: Pick<ServicePlan, "name" | "component">, claim: VolumePlan) {
  const meta = metadata(owner, service.name, service.component, claim.name, claim.namespace);
  const unprotected: Record<string, string> = claim.protect ? {} : { [unprotectedAnnotation]: "true" };
  // A claim of a volume by name binds at once. Pulumi would wait for it as for one that never binds.
  const bound: Record<string, string> = claim.volumeName ? { "pulumi.com/skipAwait": "true" } : {};
  const annotations = { ...meta.annotations, ...claim.annotations, ...unprotected, ...bound, ...takesSize };
  const labels = { ...meta.labels, ...(claim.notForVelero && { [notForVeleroLabel]: "true" }) };
  return {
    metadata: { ...meta, labels, annotations },
    spec: claimSpec(claim),
  };
}

import { Deployment, StatefulSet } from "@pulumi/kubernetes/apps/v1";
import type * as pulumi from "@pulumi/pulumi";
import { checksumAnnotation } from "../model/metadata";
import type { MoverPlan, Owner, ServicePlan } from "../model/plan";
import { spilledClaims } from "../plan/pod-directories";
import { deploymentArgs, type Marks, statefulSetArgs, templatesOf } from "./workload";

/** Makes a service's workload, of whichever kind it is. `marks`: of the secrets and certificates that its pod has. */
export function createWorkload(
  owner: Owner,
  service: ServicePlan,
  mover: MoverPlan,
  marks: Marks,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  const ignoring = { ...opts, ignoreChanges: ignoredOf(service) };
  return service.kind === "Deployment"
    ? new Deployment(service.name, deploymentArgs(owner, service, marks, mover), ignoring)
    : new StatefulSet(service.name, statefulSetArgs(owner, service, marks, mover), ignoring);
}

/**
 * A template of claims can't be changed, so a larger size would replace the StatefulSet. The program resizes the claim
 * itself. A template with another name is another volume, and it does replace the set. Where the data is in the pod's
 * own directory, another checksum of the same passwords must not replace the pod.
 */
const ignoredOf = (service: ServicePlan) => [
  ...(service.kind === "StatefulSet" ? templatesOf(service) : []).map((_, i) => `spec.volumeClaimTemplates[${i}].spec`),
  ...(spilledClaims(service).length > 0 ? [`spec.template.metadata.annotations["${checksumAnnotation}"]`] : []),
];

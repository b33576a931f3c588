import type { types } from "@pulumi/kubernetes";
import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import { metadata } from "../model/metadata";
import type { Owner, ServicePlan } from "../model/plan";

/** The name of the ConfigMap with the variables of a service that follow its volume's size. */
const sizedEnvName = (service: string) => `${service}-sizes`;

/**
 * A variable as the pod refers to it. Without the ConfigMap, which a hand may have deleted, the pod starts all the
 * same, with the program's own default.
 */
export const sizedVariable = (service: string, name: string): types.input.core.v1.EnvVar => ({
  name,
  valueFrom: { configMapKeyRef: { name: sizedEnvName(service), key: name, optional: true } },
});

/** The ConfigMap that a pod takes these variables from; none where the service has none or doesn't run. */
export function createSizedEnv(
  owner: Owner,
  { name, namespace, component, container, run }: ServicePlan,
  opts: pulumi.CustomResourceOptions,
): ConfigMap[] {
  const entries = container.env.flatMap((entry) => ("sized" in entry ? [[entry.name, entry.sized] as const] : []));
  if (!run || entries.length === 0) return [];
  const sizes = sizedEnvName(name);
  const meta = metadata(owner, name, component, sizes, namespace);
  // Who changed a value by kubectl owns it, and the next size would be a conflict.
  const annotations = { ...meta.annotations, "pulumi.com/patchForce": "true" };
  return [new ConfigMap(sizes, { metadata: { ...meta, annotations }, data: Object.fromEntries(entries) }, opts)];
}

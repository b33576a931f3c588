import type { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { metadata } from "../model/metadata";
import type { Owner, ServicePlan } from "../model/plan";
import { createSecret } from "./secret";

/** The name of the Secret with the variables of a service that are secret in the stack config. */
export const secretEnvName = (service: string) => `${service}-env`;

/** The values by variable. */
type SecretEnv = Record<string, pulumi.Output<string>>;

/** A service's variables that are secret in the stack config; empty where none is. */
export const secretEnv = ({ container }: ServicePlan): SecretEnv =>
  Object.fromEntries(
    container.env.flatMap((entry) => ("hidden" in entry ? [[entry.name, pulumi.secret(entry.hidden.reveal())]] : [])),
  );

/** The Secret that a pod takes these variables from. The stack file has the values, so nothing protects it. */
export function createSecretEnv(
  owner: Owner,
  { name, namespace, component }: ServicePlan,
  values: SecretEnv,
  opts: pulumi.CustomResourceOptions,
): Secret[] {
  if (Object.keys(values).length === 0) return [];
  const secret = secretEnvName(name);
  const meta = metadata(owner, name, component, secret, namespace);
  return [createSecret(secret, { metadata: meta, stringData: values }, opts)];
}

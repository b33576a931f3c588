import { Secret } from "@pulumi/kubernetes/core/v1";
import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/**
 * A Secret that is not in plain text anywhere in the state. Its metadata is secret too, because `kubectl apply`
 * writes a copy of the whole object into an annotation, and a refresh records that.
 */
export function createSecret(
  name: string,
  args: types.input.core.v1.Secret,
  opts: pulumi.CustomResourceOptions,
): Secret {
  return new Secret(name, args, { ...opts, additionalSecretOutputs: ["metadata"] });
}

import { Secret } from "@pulumi/kubernetes/core/v1";
import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/**
 * A Secret of which the state has nothing in plain text: its metadata is secret too, because `kubectl apply` leaves a
 * copy
 * of the whole object in an annotation, which a refresh records.
 */
export function createSecret(
  name: string,
  args: types.input.core.v1.Secret,
  opts: pulumi.CustomResourceOptions,
): Secret {
  return new Secret(name, args, { ...opts, additionalSecretOutputs: ["metadata"] });
}

import type { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword";
import { metadata } from "../model/metadata";
import type { CredentialPlan, Owner } from "../model/plan";
import { keyedHashOf } from "./hash";
import { createSecret } from "./secret";

export interface CredentialsArgs {
  owner: Owner;
  /** The service that the values belong to. It is the Secret's name too. */
  service: string;
  namespace: string;
  credentials: CredentialPlan[];
  /** Whether the values are protected and kept: data that was encrypted with a lost key is lost too. */
  protect: boolean;
  /** What has to be there before the Secret is made: its namespace. The values can be generated earlier. */
  after: pulumi.Input<pulumi.Resource>[];
}

/** The key of the stack's checksums. */
export type ChecksumKey = pulumi.Output<string>;

/** A service's passwords and keys. They are generated once, kept in the state, and given to its pods by a Secret. */
export class Credentials extends pulumi.ComponentResource {
  readonly secret: Secret;
  /** The values by key. */
  readonly values: Record<string, pulumi.Output<string>>;

  constructor(name: string, args: CredentialsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-storage:index:Credentials", name, {}, opts);
    const kept = { protect: args.protect, retainOnDelete: args.protect };
    const entries = args.credentials.map(({ key, length, value }): [string, pulumi.Output<string>] => {
      if (value !== undefined) return [key, pulumi.output(value)];
      const generated = new RandomPassword(
        `${args.service}-${key}`,
        { length, special: false },
        { parent: this, protect: args.protect },
      );
      return [key, generated.result];
    });
    this.values = Object.fromEntries(entries);
    this.secret = createSecret(
      args.service,
      {
        metadata: metadata(args.owner, args.service, "credentials", args.service, args.namespace),
        stringData: this.values,
      },
      { parent: this, dependsOn: args.after, ...kept },
    );
    this.registerOutputs();
  }
}

/**
 * Makes the key of the stack's checksums. It is secret in the state and nowhere else. Nothing protects it: when it is
 * lost, all checksums change, and the pods that have one start again.
 */
export const createChecksumKey = (opts: pulumi.ComponentResourceOptions): ChecksumKey =>
  new RandomPassword("checksum-key", { length: 43, special: false }, { ...opts, provider: undefined }).result;

/**
 * A hash of secret values, which tells nothing to whom hasn't the key. It is no secret in the state, because a secret
 * would hide the whole pod in previews.
 */
export function checksum(values: Record<string, pulumi.Input<string>>, key: ChecksumKey): pulumi.Output<string> {
  return pulumi.unsecret(pulumi.all([key, pulumi.all(values)]).apply(([secret, all]) => keyedHashOf(secret, all)));
}

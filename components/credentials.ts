import type { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword";
import { credentialName } from "../model/credential-name";
import { metadata } from "../model/metadata";
import type { CredentialPlan, Owner } from "../model/plan";
import { keyedHashOf } from "./hash";
import { scramVerifier } from "./scram";
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
  /** The values in use, by key. */
  readonly values: Record<string, pulumi.Output<string>>;
  /** All values that there were, by key, the first one first. */
  readonly generations: Record<string, pulumi.Output<string>[]>;

  constructor(name: string, args: CredentialsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-storage:index:Credentials", name, {}, opts);
    const kept = { protect: args.protect, retainOnDelete: args.protect };
    const entries = args.credentials.map((credential) => [credential.key, this.valuesOf(args, credential)] as const);
    this.generations = Object.fromEntries(entries);
    this.values = Object.fromEntries(entries.map(([key, all]) => [key, all.at(-1)!]));
    const verifiers = args.credentials
      .filter(({ verifier }) => verifier)
      .map(({ key }) => [`${key}-verifier`, this.values[key]!.apply(scramVerifier)] as const);
    this.secret = createSecret(
      args.service,
      {
        metadata: metadata(args.owner, args.service, "credentials", args.service, args.namespace),
        stringData: { ...this.values, ...Object.fromEntries(verifiers) },
      },
      { parent: this, dependsOn: args.after, ...kept },
    );
    this.registerOutputs();
  }

  /**
   * Every value that a key has had. Earlier ones stay, because a backup or a kept volume may still have them in its
   * data. The first one has the name that it had before there were others.
   */
  private valuesOf(args: CredentialsArgs, { key, length, value, generation = 1 }: CredentialPlan) {
    if (value !== undefined) return [pulumi.output(value)];
    return Array.from({ length: generation }, (_, i) => {
      const name = credentialName(args.service, key, i + 1);
      return new RandomPassword(name, { length, special: false }, { parent: this, protect: args.protect }).result;
    });
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

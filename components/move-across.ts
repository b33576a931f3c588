import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import type * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword";
import type { Metadata } from "../model/metadata";
import { acrossPolicy } from "./network";
import { createSecret } from "./secret";

/**
 * What the pods at both ends of a move between nodes need: a way through the namespace's network, and for each job a
 * key that nobody else has. None of it holds data, so nothing protects it when the move is removed.
 */
export function createAcross(
  app: string,
  metadata: Metadata,
  jobs: string[],
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  if (jobs.length === 0) return [];
  // Each job has its own key, so a later move does not reuse an earlier one's.
  const keys = jobs.map((job): [string, pulumi.Output<string>] => [
    job,
    new RandomPassword(`${app}-${job}`, { length: 64, special: false }, opts).result,
  ]);
  const secret = createSecret(app, { metadata, stringData: Object.fromEntries(keys) }, opts);
  const policy = new NetworkPolicy(
    `${app}-across`,
    { metadata: { ...metadata, name: `${app}-across` }, spec: acrossPolicy(app) },
    opts,
  );
  return [secret, policy];
}

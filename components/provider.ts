import { Provider } from "@pulumi/kubernetes/provider";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterPlan } from "../model/plan";

/**
 * The stack's only connection to its cluster. Each further one would fetch the cluster's whole API description again.
 * Everything in the cluster waits for it, and so comes after `dependsOn`.
 */
export function createProvider(
  { context, kubeconfig, identifier }: ClusterPlan,
  dependsOn: pulumi.Input<pulumi.Resource>[] = [],
): Provider {
  const args = {
    context,
    kubeconfig,
    clusterIdentifier: identifier,
    // Names are fixed, so changed data has to be an update: a replacement would delete the object first.
    enableConfigMapMutable: true,
    enableSecretMutable: true,
  };
  return new Provider("cluster", args, { dependsOn });
}

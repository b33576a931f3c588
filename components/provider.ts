import { Provider } from "@pulumi/kubernetes/provider";
import type { ClusterPlan } from "../model/plan";

/**
 * The stack's only connection to its cluster. Each further one would fetch the cluster's whole API description again.
 */
export function createProvider({ context, kubeconfig, identifier }: ClusterPlan): Provider {
  return new Provider("cluster", {
    context,
    kubeconfig,
    clusterIdentifier: identifier,
    // Names are fixed, so changed data has to be an update: a replacement would delete the object first.
    enableConfigMapMutable: true,
    enableSecretMutable: true,
  });
}

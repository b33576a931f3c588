import { Provider } from "@pulumi/kubernetes/provider";
import type { ClusterPlan } from "../model/plan";

/**
 * The stack's one connection to its cluster; every further one would fetch the cluster's whole API description again.
 */
export function createProvider({ context, kubeconfig, identifier }: ClusterPlan): Provider {
  return new Provider("cluster", {
    context,
    kubeconfig,
    clusterIdentifier: identifier,
    // Names are fixed, so a change of the data has to be an update: a replacement would take the object away first.
    enableConfigMapMutable: true,
    enableSecretMutable: true,
  });
}

import type { ClusterFacts } from "../model/facts";
import type { StoragePlan } from "../model/plan";

/** Ports that an API server usually has; 8443 is Minikube's. */
export const usualApiPorts = [443, 6443, 8443];

/**
 * The ports of the cluster's API server beside the usual ones: those that the cluster itself has on record, such as
 * microk8s' 16443. Where these may not be read, it is the port that the kubeconfig leads to, with a warning.
 */
export function apiPortsOf(
  plan: StoragePlan,
  { apiPorts, server }: Pick<ClusterFacts, "apiPorts" | "server">,
): { apiPorts?: number[]; warnings: string[] } {
  const known = apiPorts?.length ? apiPorts : portOf(server);
  const extra = [...new Set(known)].filter((port) => !usualApiPorts.includes(port)).sort((a, b) => a - b);
  return {
    ...(extra.length > 0 && { apiPorts: extra }),
    warnings: apiPorts?.length || server === undefined || !usesApi(plan) ? [] : [warning(extra)],
  };
}

function portOf(server: string | undefined): number[] {
  if (server === undefined || !URL.canParse(server)) return [];
  const { port, protocol } = new URL(server);
  return [port === "" ? (protocol === "http:" ? 80 : 443) : Number(port)];
}

/** Whether one of the stack's own network policies lets a pod reach the API server and nothing else. */
const usesApi = ({ backends, services }: StoragePlan) =>
  backends.some(({ install }) => install?.makes.namespace?.["networking.k8s.io"]?.includes("networkpolicies")) ||
  services.some(({ claims }) => claims.some(({ move }) => move));

const warning = (extra: readonly number[]) =>
  "these credentials may not list the EndpointSlices of the namespace default, so it is not known which ports the " +
  `API server listens on, and network policies let pods reach ${[...usualApiPorts, ...extra].join(", ")}; where it ` +
  "is another one, volumes stay Pending; have the right to list endpointslices in default granted";

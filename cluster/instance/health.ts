import type { Api, ApiObject } from "./api";
import { NODE } from "./layout";

/** The kubelet renews its lease every 10 s; the control plane gives it up after 40 s. */
const LEASE_SECONDS = 40;

export async function apiReady(api: Api): Promise<boolean> {
  return api.call("GET", "/readyz").then(({ status }) => status === 200, () => false);
}

/** Why the node can't take pods; undefined when it can. What was said before `since` doesn't count. */
export async function nodeTrouble(api: Api, since = new Date(0)): Promise<string | undefined> {
  const [node, lease] = await Promise.all([
    api.call("GET", `/api/v1/nodes/${NODE}`),
    api.call("GET", `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${NODE}`),
  ]);
  if (node.status !== 200) return "the kubelet has not registered";
  const ready = node.body.status?.conditions?.find(({ type }) => type === "Ready");
  const heard = Math.max(Date.parse(ready?.lastHeartbeatTime ?? "") || 0, Date.parse(lease.body.spec?.renewTime ?? "") || 0);
  if (Date.now() - heard > LEASE_SECONDS * 1000) return "the kubelet has not been heard of";
  // Heartbeats have whole seconds.
  if (!ready || (Date.parse(ready.lastHeartbeatTime ?? "") || 0) < Math.floor(since.getTime() / 1000) * 1000) return "the kubelet has not reported yet";
  return ready.status === "True" ? undefined : ready.message || "it is not Ready";
}

/**
 * Pods that still show the state of before `since`, when their containers were last alive.
 * Until the kubelet has looked at them they seem Ready, and are not.
 */
export async function stalePods(api: Api, since: Date): Promise<string[]> {
  const { body } = await api.call("GET", `/api/v1/pods?fieldSelector=spec.nodeName=${NODE}`);
  return (body.items ?? []).filter((pod) => isStale(pod, since)).map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`);
}

/** Exported for its test. */
export function isStale({ metadata, status }: ApiObject, since: Date): boolean {
  if (metadata?.deletionTimestamp || ["Succeeded", "Failed"].includes(status?.phase ?? "")) return false;
  // The API's times have whole seconds.
  const limit = Math.floor(since.getTime() / 1000) * 1000;
  return (status?.containerStatuses ?? []).some(({ state }) => state?.running && Date.parse(state.running.startedAt) < limit);
}

import type { Api, ApiObject } from "./api";
import { NODE } from "./layout";

/** The kubelet renews its lease every 10 s. The control plane considers the node lost after 40 s. */
const LEASE_SECONDS = 40;

export async function apiReady(api: Api): Promise<boolean> {
  return api.call("GET", "/readyz").then(
    ({ status }) => status === 200,
    () => false,
  );
}

/** Why the node cannot take pods; undefined when it can. Reports from before `since` do not count. */
export async function nodeTrouble(api: Api, since = new Date(0), now = Date.now()): Promise<string | undefined> {
  const [node, lease] = await Promise.all([
    api.call("GET", `/api/v1/nodes/${NODE}`),
    api.call("GET", `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${NODE}`),
  ]);
  if (node.status !== 200) return "the kubelet has not registered";
  const ready = node.body.status?.conditions?.find(({ type }) => type === "Ready");
  const heard = Math.max(
    Date.parse(ready?.lastHeartbeatTime ?? "") || 0,
    Date.parse(lease.body.spec?.renewTime ?? "") || 0,
  );
  if (now - heard > LEASE_SECONDS * 1000) return `the kubelet has not reported for ${LEASE_SECONDS} s`;
  // Heartbeats are in whole seconds.
  if (!ready || (Date.parse(ready.lastHeartbeatTime ?? "") || 0) < Math.floor(since.getTime() / 1000) * 1000)
    return "the kubelet has not reported yet";
  return ready.status === "True" ? undefined : ready.message || "the node is not Ready";
}

/**
 * Pods that the API shows with containers that don't run any more, because the kubelet has not looked at them since its
 * start. Such pods may seem Ready, but are not. `running` are the ids of the containers that do run.
 */
export async function stalePods(api: Api, running: string[]): Promise<string[]> {
  const { body } = await api.call("GET", `/api/v1/pods?fieldSelector=spec.nodeName=${NODE}`);
  return (body.items ?? [])
    .filter((pod) => isStale(pod, running))
    .map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`);
}

/** Exported for its test. */
export function isStale({ metadata, status }: ApiObject, running: string[]): boolean {
  if (metadata?.deletionTimestamp || ["Succeeded", "Failed"].includes(status?.phase ?? "")) return false;
  const shown = (status?.containerStatuses ?? []).filter(({ state }) => state?.running);
  return shown.some(({ containerID = "" }) => !running.includes(containerID.replace(/^.*:\/\//, "")));
}

import type { V1Pod } from "@kubernetes/client-node";
import { errorCode, ifFound, type Kube } from "./client";
import { stuckOn } from "./stuck";

export interface WorkloadRef {
  namespace: string;
  kind: "Deployment" | "StatefulSet";
  workload: string;
}

/**
 * The pods that a workload's selector picks and that aren't on their way out; undefined when there is no such workload.
 */
export async function podsOf(kube: Kube, ref: WorkloadRef): Promise<V1Pod[] | undefined> {
  const at = { name: ref.workload, namespace: ref.namespace };
  const workload = await ifFound<{ spec?: { selector: { matchLabels?: Record<string, string> } } }>(
    ref.kind === "Deployment" ? kube.apps.readNamespacedDeployment(at) : kube.apps.readNamespacedStatefulSet(at),
  );
  if (!workload) return undefined;
  const labels = Object.entries(workload.spec?.selector.matchLabels ?? {});
  const labelSelector = labels.map(([key, value]) => `${key}=${value}`).join(",");
  const pods = await kube.core.listNamespacedPod({ namespace: ref.namespace, labelSelector });
  return pods.items.filter((pod) => !pod.metadata?.deletionTimestamp).sort(newestFirst);
}

export function isReady(pod: V1Pod): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}

/**
 * Waits until the workload has a Ready pod that isn't `before` (a UID).
 * After `timeout` ms it throws, saying what the pod is stuck on. `look`: called while there is none, with the ms that
 * have passed; what it throws ends the wait.
 */
export async function waitForReadyPod(
  kube: Kube,
  ref: WorkloadRef,
  timeout: number,
  before?: string,
  look?: (waited: number) => Promise<void>,
): Promise<V1Pod> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const pods = await podsOf(kube, ref);
    const candidates = (pods ?? []).filter((pod) => pod.metadata?.uid !== before);
    const ready = candidates.find(isReady);
    if (ready) return ready;
    if (!pods) throw new Error(`there is no ${ref.kind} ${ref.namespace}/${ref.workload}`);
    if (Date.now() > deadline) {
      const why = await whyStuck(kube, ref, candidates[0]);
      throw new Error(`no Ready pod after ${Math.round(timeout / 1000)} s: ${why}`);
    }
    await look?.(timeout - (deadline - Date.now()));
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

/**
 * Deletes exactly this pod: a new pod that has the same name by now stays. Returns false when the pod was already gone.
 */
export async function deletePod(kube: Kube, pod: V1Pod): Promise<boolean> {
  const { name = "", namespace = "", uid = "" } = pod.metadata ?? {};
  try {
    await kube.core.deleteNamespacedPod({ name, namespace, body: { preconditions: { uid } } });
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === 404 || code === 409) return false;
    throw error;
  }
}

async function whyStuck(kube: Kube, ref: WorkloadRef, pod: V1Pod | undefined): Promise<string> {
  const name = pod?.metadata?.name ?? ref.workload;
  const events = await kube.core.listNamespacedEvent({
    namespace: ref.namespace,
    fieldSelector: `type=Warning,involvedObject.name=${name}`,
  });
  return stuckOn(pod, events.items);
}

function newestFirst(a: V1Pod, b: V1Pod): number {
  return (b.metadata?.creationTimestamp?.getTime() ?? 0) - (a.metadata?.creationTimestamp?.getTime() ?? 0);
}

import type { V1Pod } from "@kubernetes/client-node";
import type { Kube } from "../../kube/client";
import { stuckOn } from "../../kube/stuck";
import { NotYet, waitFor } from "../terminal/wait";

export interface PodRun {
  name: string;
  /** Why the pod did not succeed; absent where it did. */
  trouble?: string;
}

/**
 * Creates a pod and waits for its end, at most `patience` ms. The pod stays: whoever made it removes it. `stop`: to
 * wait no longer.
 */
export async function runPod(
  { core }: Pick<Kube, "core">,
  namespace: string,
  body: V1Pod,
  patience: number,
  stop?: AbortSignal,
): Promise<PodRun> {
  const name = (await core.createNamespacedPod({ namespace, body })).metadata?.name ?? "";
  const look = async (): Promise<PodRun> => {
    const pod = await core.readNamespacedPod({ name, namespace });
    if (pod.status?.phase === "Succeeded") return { name };
    const fieldSelector = `type=Warning,involvedObject.name=${name}`;
    const { items } = await core.listNamespacedEvent({ namespace, fieldSelector });
    const unmounted = items.find(({ reason }) => reason === "FailedMount");
    if (unmounted) return { name, trouble: mountTrouble(unmounted.message ?? "") };
    const failed = pod.status?.phase === "Failed" || /ImagePull|ErrImage/.test(stuckOn(pod, []));
    if (failed || stop?.aborted) return { name, trouble: stuckOn(pod, items) };
    throw new NotYet(stuckOn(pod, items));
  };
  return waitFor(look, { patience }).catch((error: unknown) => {
    if (error instanceof NotYet) return { name, trouble: error.message };
    throw error;
  });
}

/** What mount printed, without the kubelet's text around it. */
export function mountTrouble(message: string): string {
  return /Output: (.*)/.exec(message)?.[1]?.trim() ?? message.split("\n")[0] ?? "";
}

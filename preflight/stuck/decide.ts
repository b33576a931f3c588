import { isDeleting, type Item, nameOf } from "../../kube/read/objects";

/** A StatefulSet, as far as its rollout goes. */
export interface RolledOut extends Item {
  metadata?: Item["metadata"] & { generation?: number };
  status?: { observedGeneration?: number; updateRevision?: string };
}

interface State {
  waiting?: { reason?: string; message?: string };
  running?: object;
  terminated?: object;
}

export interface StuckPod extends Item {
  spec?: { volumes?: { persistentVolumeClaim?: { claimName: string } }[] };
  status?: {
    startTime?: string;
    conditions?: { type: string; status: string; reason?: string; message?: string; lastTransitionTime?: string }[];
    initContainerStatuses?: { state?: State; lastState?: State; restartCount?: number }[];
    containerStatuses?: { state?: State; lastState?: State; restartCount?: number }[];
  };
}

/** Milliseconds within which a kubelet first says that a pod is not ready. Later it would be a pod that was. */
const first = 5000;

/**
 * Why the StatefulSet's pod will never be what the set says now; undefined where it will, or may be. Kubernetes doesn't
 * replace a pod of an earlier revision that never became ready (kubernetes/kubernetes#67250). No program of such a pod
 * runs, so that nothing of its data is lost with it.
 */
export function whyStuck(set: RolledOut, pod: StuckPod): string | undefined {
  const { updateRevision, observedGeneration = 0 } = set.status ?? {};
  const revision = pod.metadata?.labels?.["controller-revision-hash"];
  const settled = updateRevision !== undefined && observedGeneration >= (set.metadata?.generation ?? 0);
  if (!settled || revision === undefined || revision === updateRevision || isDeleting(pod)) return undefined;
  const containers = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  if (containers.some(({ state }) => state?.running) || wasReady(pod)) return undefined;
  const waits = containers.find(({ state }) => state?.waiting?.reason)?.state?.waiting;
  if (waits?.reason !== undefined && stays.test(waits.reason)) return told(waits.reason, waits.message);
  const scheduled = pod.status?.conditions?.find(({ type }) => type === "PodScheduled");
  return scheduled?.status === "False" && scheduled.reason === "Unschedulable"
    ? told(scheduled.reason, scheduled.message)
    : undefined;
}

/** Reasons that waiting doesn't mend while the pod is as it is. */
const stays =
  /^(ErrImage(Pull|NeverPull)|ImagePullBackOff|ImageInspectError|InvalidImageName|Create\w+Error|CrashLoopBackOff)$/;

const told = (reason: string, message = "") => [reason, message.split("\n")[0]!.trim()].filter(Boolean).join(": ");

/** Whether the pod is or was ready, by when its kubelet last changed its mind. */
function wasReady({ status = {} }: StuckPod): boolean {
  const ready = status.conditions?.find(({ type }) => type === "Ready");
  if (ready?.status === "True") return true;
  if (ready?.lastTransitionTime === undefined || status.startTime === undefined) return false;
  const ran = (status.containerStatuses ?? []).some(({ restartCount, lastState }) =>
    Boolean(restartCount ?? lastState?.terminated),
  );
  return ran && Date.parse(ready.lastTransitionTime) - Date.parse(status.startTime) > first;
}

export const claimsOf = ({ spec }: StuckPod): string[] =>
  (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);

/** What is said of a pod that was deleted for this. */
export const replaced = (pod: StuckPod, namespace: string, why: string): string =>
  `pod ${nameOf(pod)} in namespace ${namespace} never became ready (${why}), and Kubernetes doesn't replace such a ` +
  "pod by itself; it was deleted, so that its StatefulSet makes it again as the config says; its claims " +
  `(${claimsOf(pod).join(", ") || "none"}) were left as they are`;

import type { V1Pod } from "@kubernetes/client-node";
import type { Kube } from "../../kube/client";

/** A move's job. */
export interface JobRef {
  namespace: string;
  job: string;
}

interface Followed {
  pod: V1Pod;
  /** How many lines of the job were printed already. */
  said: number;
}

/**
 * Prints the output of the moves' jobs until `ended`. Returns the last words of each job that failed. It polls and
 * holds no stream, because polling survives a restarted control plane and a kubelet that has no watches left. A failure
 * to follow is not a failure of the move, which goes on by itself.
 */
export async function followJobs(
  kube: Kube,
  jobs: readonly JobRef[],
  say: (line: string) => void,
  ended: AbortSignal,
): Promise<string[]> {
  const before = new Set((await allPods(kube, jobs)).filter(hasEnded).map(uidOf));
  const followed = new Map<string, Followed>();
  for (let last = false; !last;) {
    // One more round after the end, because the last lines say how the move went.
    last = ended.aborted;
    for (const pod of (await allPods(kube, jobs)).filter((pod) => hasStarted(pod) && !before.has(uidOf(pod)))) {
      const said = followed.get(uidOf(pod))?.said ?? 0;
      const lines = await linesOf(kube, pod);
      lines.slice(said).forEach(say);
      followed.set(uidOf(pod), { pod, said: Math.max(said, lines.length) });
    }
    if (!last) await pause(1_000, ended);
  }
  return [...followed.values()].flatMap(({ pod }) => failureOf(pod) ?? []);
}

async function allPods({ core }: Kube, jobs: readonly JobRef[]): Promise<V1Pod[]> {
  const lists = jobs.map(({ namespace, job }) =>
    core.listNamespacedPod({ namespace, labelSelector: `batch.kubernetes.io/job-name=${job}` }),
  );
  const found = await Promise.allSettled(lists);
  return found.flatMap((list) => (list.status === "fulfilled" ? list.value.items : []));
}

/** The pod's complete lines. A line that is still being written is left for the next round. */
async function linesOf({ core }: Kube, { metadata, spec }: V1Pod): Promise<string[]> {
  const container = spec?.containers[0]?.name;
  const text = await core
    .readNamespacedPodLog({ namespace: metadata?.namespace ?? "", name: metadata?.name ?? "", container })
    .catch(() => "");
  return text.split("\n").slice(0, -1);
}

const uidOf = ({ metadata }: V1Pod) => metadata?.uid ?? "";
const state = (pod: V1Pod) => pod.status?.containerStatuses?.[0]?.state;
const hasStarted = (pod: V1Pod) => Boolean(state(pod)?.running ?? state(pod)?.terminated);
const hasEnded = (pod: V1Pod) => Boolean(state(pod)?.terminated);

/** The last words of a pod that failed. */
function failureOf(pod: V1Pod): string | undefined {
  const ended = state(pod)?.terminated;
  return ended && ended.exitCode !== 0
    ? (ended.message?.trim() ?? `the job's pod ended with exit code ${ended.exitCode}`)
    : undefined;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}

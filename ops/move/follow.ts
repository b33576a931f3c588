import { Log, type V1Pod } from "@kubernetes/client-node";
import { Writable } from "node:stream";
import type { Kube } from "../kube/client";

/** A move's job. */
export interface JobRef {
  namespace: string;
  job: string;
}

/**
 * Prints what the moves' jobs print, from now until `ended`. Returns how each ended that failed, in its own words.
 * Trouble with following is no trouble of the move: it goes on by itself.
 */
export async function followJobs(kube: Kube, jobs: readonly JobRef[], say: (line: string) => void, ended: AbortSignal): Promise<string[]> {
  const since = new Date();
  const followed = new Map<string, V1Pod>();
  while (!ended.aborted) {
    for (const ref of jobs) {
      for (const pod of await podsOf(kube, ref)) {
        const { uid = "", creationTimestamp } = pod.metadata ?? {};
        const known = followed.has(uid);
        if (!known && !hasStarted(pod)) continue;
        // Of an earlier attempt.
        if (!known && pod.status?.phase !== "Running" && (creationTimestamp ?? since) < since) continue;
        followed.set(uid, pod);
        if (!known) void printLog(kube, pod, say, ended);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return [...followed.values()].flatMap((pod) => failureOf(pod) ?? []);
}

async function podsOf(kube: Kube, { namespace, job }: JobRef): Promise<V1Pod[]> {
  const labelSelector = `batch.kubernetes.io/job-name=${job}`;
  const listed = await kube.core.listNamespacedPod({ namespace, labelSelector }).catch(() => undefined);
  return listed?.items ?? [];
}

const state = (pod: V1Pod) => pod.status?.containerStatuses?.[0]?.state;
const hasStarted = (pod: V1Pod) => Boolean(state(pod)?.running ?? state(pod)?.terminated);

/** What a failed pod left as its last words. */
export function failureOf(pod: V1Pod): string | undefined {
  const ended = state(pod)?.terminated;
  return ended && ended.exitCode !== 0 ? (ended.message?.trim() ?? `it ended with exit code ${ended.exitCode}`) : undefined;
}

async function printLog(kube: Kube, pod: V1Pod, say: (line: string) => void, ended: AbortSignal): Promise<void> {
  const { namespace = "", name = "" } = pod.metadata ?? {};
  try {
    const request = await new Log(kube.config).log(namespace, name, pod.spec?.containers[0]?.name ?? "", byLine(say), { follow: true });
    ended.addEventListener("abort", () => request.abort());
  } catch {
    // The update says how it ended.
  }
}

function byLine(say: (line: string) => void): Writable {
  let rest = "";
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      const lines = `${rest}${chunk.toString("utf8")}`.split("\n");
      rest = lines.pop() ?? "";
      lines.filter((line) => line.trim() !== "").forEach(say);
      done();
    },
  });
}

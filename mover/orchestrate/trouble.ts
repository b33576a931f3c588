import type { Pod, Warning } from "./objects";

/** Waiting reasons that are normal while a pod starts. */
const ordinary = new Set(["ContainerCreating", "PodInitializing"]);

/**
 * What keeps a pod from running, in the cluster's own words; undefined where nothing is wrong yet. `warnings`: those of
 * the pod and of its claims.
 */
export function troubleOf({ status = {} }: Pick<Pod, "status">, warnings: Warning[]): string | undefined {
  const unplaced = status.conditions?.find(({ type, status }) => type === "PodScheduled" && status === "False");
  if (unplaced) return withWarning(`no node can take it: ${unplaced.message ?? unplaced.reason}`, warnings);
  const waiting = (status.containerStatuses ?? [])
    .map(({ state }) => state?.waiting)
    .find((state) => state && !ordinary.has(state.reason));
  if (waiting) return withWarning(`${waiting.reason}${waiting.message ? `: ${waiting.message}` : ""}`, warnings);
  return status.phase === "Pending" ? latest(warnings) : undefined;
}

function withWarning(text: string, warnings: Warning[]): string {
  const warning = latest(warnings.filter(({ reason }) => reason !== "FailedScheduling"));
  return warning && !text.includes(warning) ? `${text}; ${warning}` : text;
}

function latest(warnings: Warning[]): string | undefined {
  const time = ({ lastTimestamp, eventTime, metadata }: Warning) =>
    Date.parse(lastTimestamp ?? eventTime ?? metadata?.creationTimestamp ?? "") || 0;
  const newest = warnings.toSorted((a, b) => time(b) - time(a))[0];
  return newest && `${newest.reason}: ${newest.message}`;
}

/** How a pod without an outcome ended, for people. */
export function endOf(pod: Pick<Pod, "status"> | undefined): string {
  if (!pod) return "it was deleted";
  const ended = pod.status?.containerStatuses?.[0]?.state?.terminated;
  return (
    pod.status?.message ??
    (ended
      ? `${ended.reason ?? "ended"}, exit code ${ended.exitCode}`
      : (pod.status?.reason ?? "the cluster gives no reason"))
  );
}

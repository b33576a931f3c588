// @ts-check

/** @typedef {import("./api.mjs").KubeObject} KubeObject */

/** Waiting reasons that are a pod's ordinary way to its start. */
const ordinary = new Set(["ContainerCreating", "PodInitializing"]);

/**
 * What keeps a pod from running, in the cluster's own words; undefined where nothing is wrong yet.
 * @param {KubeObject} pod @param {KubeObject[]} warnings of the pod and of its claims
 */
export function troubleOf({ status = {} }, warnings) {
  const unplaced = (status.conditions ?? []).find(
    (/** @type {KubeObject} */ { type, status }) => type === "PodScheduled" && status === "False",
  );
  if (unplaced) return withWarning(`no node can take it: ${unplaced.message ?? unplaced.reason}`, warnings);
  const waiting = (status.containerStatuses ?? [])
    .map((/** @type {KubeObject} */ { state }) => state?.waiting)
    .find((/** @type {KubeObject} */ state) => state && !ordinary.has(state.reason));
  if (waiting) return withWarning(`${waiting.reason}${waiting.message ? `: ${waiting.message}` : ""}`, warnings);
  const warning = latest(warnings);
  return status.phase === "Pending" && warning ? warning : undefined;
}

/** @param {string} text @param {KubeObject[]} warnings */
function withWarning(text, warnings) {
  const warning = latest(warnings.filter(({ reason }) => reason !== "FailedScheduling"));
  return warning && !text.includes(warning) ? `${text}; ${warning}` : text;
}

/** @param {KubeObject[]} warnings */
function latest(warnings) {
  const time = (/** @type {KubeObject} */ { lastTimestamp, eventTime, metadata }) =>
    Date.parse(lastTimestamp ?? eventTime ?? metadata?.creationTimestamp ?? "") || 0;
  const newest = warnings.toSorted((a, b) => time(b) - time(a))[0];
  return newest && `${newest.reason}: ${newest.message}`;
}

/** How a pod without an outcome ended. @param {KubeObject | undefined} pod */
export function endOf(pod) {
  if (!pod) return "it was deleted";
  const ended = pod.status?.containerStatuses?.[0]?.state?.terminated;
  return (
    pod.status?.message ??
    (ended ? `${ended.reason ?? "ended"}, exit code ${ended.exitCode}` : (pod.status?.reason ?? "no reason is known"))
  );
}

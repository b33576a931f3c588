// @ts-check
import { MoveError } from "./faults.mjs";

/** @import { Context } from "./context.mjs" */
/** @typedef {import("./api.mjs").KubeObject} KubeObject */

/** The workload's one pod that runs, with the data of its emptyDir. @param {Context} context @param {KubeObject} workload @returns {Promise<KubeObject | undefined>} */
export async function runningPod(context, workload) {
  const pods = (await podsOf(context, workload)).filter(({ status }) => status?.phase === "Running");
  if (pods.length > 1) throw new MoveError(`${workload.metadata.name} has ${pods.length} pods, each with data of its own; only one can be moved`);
  return pods[0];
}

/** @param {Context} context @param {KubeObject} workload */
async function podsOf({ api, paths }, workload) {
  const wanted = Object.entries(workload.spec.selector.matchLabels);
  return (await api.list(paths.pods)).filter(({ metadata }) => !metadata.deletionTimestamp && wanted.every(([key, value]) => metadata.labels?.[key] === value));
}

/** @param {Context} context @param {KubeObject} workload @returns {Promise<KubeObject | undefined>} */
export async function newestPod(context, workload) {
  const pods = await podsOf(context, workload);
  return pods.toSorted((a, b) => Date.parse(b.metadata.creationTimestamp) - Date.parse(a.metadata.creationTimestamp))[0];
}

/** From then on the service may have taken writes there. @param {KubeObject | undefined} pod */
export function hasStarted(pod) {
  return (pod?.status?.containerStatuses ?? []).some((/** @type {KubeObject} */ { started, restartCount, state }) => started || restartCount > 0 || state?.running || state?.terminated);
}

/** Throws where the pod isn't the same any more, or its container was started anew: its data may have changed. @param {Context} context @param {KubeObject} pod */
export async function checkSamePod({ api, paths }, pod) {
  const now = await api.find(paths.pod(pod.metadata.name));
  const starts = (/** @type {KubeObject | undefined} */ { status } = {}) => (status?.containerStatuses ?? []).map((/** @type {KubeObject} */ { containerID }) => containerID).join();
  if (now?.metadata.uid !== pod.metadata.uid || starts(now) !== starts(pod)) throw new MoveError(`pod ${pod.metadata.name} was started anew while its data was copied`, { transient: true });
}

/**
 * Ends a pod whose data has left it, once its controller has given it up: it has nothing to put in order any more, and
 * one that stands still couldn't.
 * @param {Context} context @param {KubeObject} pod
 */
export async function endPod(context, { metadata: { name, uid } }) {
  const { api, paths } = context;
  const given = await context.until(60_000, async () => {
    const pod = await api.find(paths.pod(name));
    if (!pod || pod.metadata.uid !== uid) return "gone";
    return pod.metadata.deletionTimestamp ? "up" : undefined;
  }, { abortable: false });
  // Its successor on another directory would begin empty: only the controller's own decision is carried out sooner.
  if (given === "up") await api.remove(paths.pod(name), { gracePeriodSeconds: 1, preconditions: { uid } });
}

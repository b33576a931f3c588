// @ts-check
import { outputOf } from "./exec.mjs";
import { MoveError } from "./faults.mjs";

/** @import { Context } from "./context.mjs" */
/** @import { ExportRecipe } from "../model/mover.js" */
/** @typedef {import("./api.mjs").KubeObject} KubeObject */

/**
 * The workload's one pod that runs, with the data of its emptyDir. @param {Context} context @param {KubeObject}
 * workload @returns {Promise<KubeObject | undefined>}
 */
export async function runningPod(context, workload) {
  const pods = (await podsOf(context, workload)).filter(({ status }) => status?.phase === "Running");
  if (pods.length > 1)
    throw new MoveError(
      `${workload.metadata.name} has ${pods.length} pods, each with data of its own; only one can be moved`,
    );
  return pods[0];
}

/** @param {Context} context @param {KubeObject} workload */
async function podsOf({ api, paths }, workload) {
  const wanted = Object.entries(workload.spec.selector.matchLabels);
  return (await api.list(paths.pods)).filter(
    ({ metadata }) => !metadata.deletionTimestamp && wanted.every(([key, value]) => metadata.labels?.[key] === value),
  );
}

/** @param {Context} context @param {KubeObject} workload @returns {Promise<KubeObject | undefined>} */
export async function newestPod(context, workload) {
  const pods = await podsOf(context, workload);
  return pods.toSorted(
    (a, b) => Date.parse(b.metadata.creationTimestamp) - Date.parse(a.metadata.creationTimestamp),
  )[0];
}

/** From then on the service may have taken writes there. @param {KubeObject | undefined} pod */
export function hasStarted(pod) {
  return (pod?.status?.containerStatuses ?? []).some(
    (/** @type {KubeObject} */ { started, restartCount, state }) =>
      started || restartCount > 0 || state?.running || state?.terminated,
  );
}

/**
 * Throws where the pod isn't the same any more, or its container was started anew: its data may have changed. @param
 * {Context} context @param {KubeObject} pod
 */
export async function checkSamePod({ api, paths }, pod) {
  const now = await api.find(paths.pod(pod.metadata.name));
  const starts = (/** @type {KubeObject | undefined} */ { status } = {}) =>
    (status?.containerStatuses ?? []).map((/** @type {KubeObject} */ { containerID }) => containerID).join();
  if (now?.metadata.uid !== pod.metadata.uid || starts(now) !== starts(pod))
    throw new MoveError(`pod ${pod.metadata.name} was started anew while its data was copied`, { transient: true });
}

/**
 * Ends what stands still in a pod whose data has left it, once its controller has given it up: it couldn't end by
 * itself,
 * and the next pod waits for it.
 * @param {Context} context @param {KubeObject} pod @param {ExportRecipe} leave
 */
export async function endPod(context, { metadata: { name, uid } }, { container, kill }) {
  const { api, paths } = context;
  if (!kill) return;
  const given = await context.until(
    60_000,
    async () => {
      const pod = await api.find(paths.pod(name));
      if (!pod || pod.metadata.uid !== uid) return "gone";
      // Before that it would be started anew, on the directory that nobody looks at any more.
      return pod.metadata.deletionTimestamp ? "up" : undefined;
    },
    { abortable: false },
  );
  // It ends the container, and with it the connection.
  if (given === "up") await outputOf(api.server, paths.pod(name), container, kill.exec).catch(() => undefined);
}

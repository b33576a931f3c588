// @ts-check
import { finish } from "./claims.mjs";
import { MoveError } from "./faults.mjs";
import { keepManifest } from "./kept.mjs";
import { measure, nodeOf, taskOf } from "./move.mjs";
import { hasStarted, newestPod } from "./pods.mjs";
import { findWorkload, stop, switchOver, wakeUp } from "./service.mjs";
import { isSpillInit, endInUse, isReady } from "./workload.mjs";

/** @import { Context } from "./context.mjs" */
/** @typedef {import("./api.mjs").KubeObject} KubeObject */

/**
 * Starts a service on an emptyDir that an init container fills from the claim, and checks. Until the service itself has
 * started there, the way back is open.
 * @param {Context} context
 */
export async function spillClaim(context) {
  const { move } = context;
  const workload = await findWorkload(context);
  if (!workload) return finish(context);
  if (endInUse(workload, move) === "source") {
    if (!move.pod) throw new MoveError("the job wasn't told what the pod with the emptyDir looks like");
    const task = await taskOf(context);
    const node = await nodeOf(context);
    if (node && move.source.accessMode !== "ReadWriteOncePod") await measure(context, task, { node, beside: true });
    const stopped = await stop(context);
    await keepManifest(context, stopped);
    await switchOver(context, stopped);
  }
  await wakeUp(context);
  await waitForData(context);
  await finish(context);
}

/**
 * Throws where the data can't be brought into the emptyDir, and the service is on its claim again. @param {Context}
 * context
 */
async function waitForData(context) {
  const { api, paths } = context;
  const failure = await context.until(context.readyPatience, async () => {
    const workload = await api.get(paths.workload);
    if (isReady(workload)) return "";
    const pod = await newestPod(context, workload);
    return hasStarted(pod) ? "" : troubleOfFilling(pod);
  });
  if (failure) throw new MoveError(`the emptyDir was not filled: ${failure}`);
}

/** @param {KubeObject | undefined} pod @returns {string | undefined} */
function troubleOfFilling(pod) {
  const filling = (pod?.status?.initContainerStatuses ?? []).filter((/** @type {KubeObject} */ { name }) =>
    isSpillInit(name),
  );
  const [ended] = filling
    .map((/** @type {KubeObject} */ { lastState, state }) => state?.terminated ?? lastState?.terminated)
    .filter((/** @type {KubeObject} */ end) => end && end.exitCode !== 0);
  if (!ended) return undefined;
  try {
    return JSON.parse(ended.message).error;
  } catch {
    return ended.message || ended.reason || `exit code ${ended.exitCode}`;
  }
}

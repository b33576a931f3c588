// @ts-check
import { LogReader } from "./copy-log.mjs";
import { copyPod } from "./copy-pod.mjs";
import { MoveError } from "./faults.mjs";
import { createPod, dropPod, jobReference, podName, removePod } from "./own-pods.mjs";
import { endOfSource, sourceServed } from "./source-run.mjs";
import { Start } from "./start.mjs";
import { endOf } from "./trouble.mjs";

/** @import { Context } from "./context.mjs" */
/** @import { CopyTask } from "./measure.mjs" */
/** @import { Copied, Measured, Outcome } from "../model/mover.js" */
/** @typedef {import("./api.mjs").KubeObject} KubeObject */

/** How often a copy pod is made anew that ended without a word. */
const tries = 3;

/**
 * Runs the copy program beside the volumes and returns what it found. Throws what it or the cluster says is wrong.
 * @param {Context} context @param {"measure" | "copy"} action @param {{ task: CopyTask, node?: string, beside: boolean }} where
 * @returns {Promise<Measured | Copied>}
 */
export async function runCopyPod(context, action, where) {
  const owner = await jobReference(context);
  for (let left = tries; ; left--) {
    await removePod(context, action);
    const remote = context.move.across && (await sourceServed(context, where));
    await createPod(context, copyPod(context.move, action, { ...where, task: { ...where.task, remote }, owner }));
    const outcome = await follow(context, action);
    if ("result" in outcome) {
      // It has ended; the service doesn't have to wait until it is gone.
      await dropPod(context, action);
      return outcome.result;
    }
    if (!outcome.transient || left <= 1) throw new MoveError(outcome.error, outcome);
    context.log(`${outcome.error}; trying again`);
  }
}

/** @param {Context} context @param {"measure" | "copy"} action @returns {Promise<Outcome>} */
async function follow(context, action) {
  const { api, paths, move } = context;
  const path = paths.pod(podName(move, action));
  const start = new Start(context, action);
  const log = new LogReader(context, action);
  const outcome = await context.until(Infinity, async () => {
    const pod = await api.find(path);
    const phase = pod?.status?.phase;
    if (!pod || phase === "Succeeded" || phase === "Failed") return outcomeOf(pod);
    if (phase === "Running") await log.read();
    else await start.check(pod);
    const error = await endOfSource(context);
    return error && { error, transient: true };
  });
  return /** @type {Outcome} */ (outcome);
}

/** @param {KubeObject | undefined} pod @returns {Outcome} */
function outcomeOf(pod) {
  const message = pod?.status?.containerStatuses?.[0]?.state?.terminated?.message;
  try {
    return JSON.parse(message);
  } catch {
    return { error: `the copy ended before its end: ${endOf(pod)}${message ? `; ${message}` : ""}`, transient: true };
  }
}

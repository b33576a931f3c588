// @ts-check
import { ApiError } from "./api.mjs";
import { LogReader } from "./copy-log.mjs";
import { copyPod, podName } from "./copy-pod.mjs";
import { MoveError } from "./faults.mjs";
import { endOf, troubleOf } from "./trouble.mjs";

/** @import { Context } from "./context.mjs" */
/** @import { CopyTask } from "./measure.mjs" */
/** @import { Copied, Measured, Outcome } from "./types.d.ts" */
/** @typedef {import("./api.mjs").KubeObject} KubeObject */

/** An image may take long to come as long as nothing is wrong with it. */
const startPatience = 20 * 60_000;

/** How often a copy pod is made anew that ended without a word. */
const tries = 3;

/**
 * Runs the copy program beside the volumes and returns what it found. Throws what it or the cluster says is wrong.
 * @param {Context} context @param {"measure" | "copy"} action @param {{ task: CopyTask, node?: string, beside: boolean }} where
 * @returns {Promise<Measured | Copied>}
 */
export async function runCopyPod(context, action, where) {
  const { metadata } = await context.api.get(context.paths.job);
  const owner = { apiVersion: "batch/v1", kind: "Job", name: metadata.name, uid: metadata.uid };
  for (let left = tries; ; left--) {
    await removeCopyPod(context, action);
    await create(context, copyPod(context.move, action, { ...where, owner }));
    const outcome = await follow(context, action);
    if ("result" in outcome) {
      // It has ended; the service doesn't have to wait until it is gone.
      await context.api.remove(context.paths.pod(podName(context.move, action)), { gracePeriodSeconds: 1 });
      return outcome.result;
    }
    if (!outcome.transient || left <= 1) throw new MoveError(outcome.error, outcome);
    context.log(`${outcome.error}; trying again`);
  }
}

/** The copy pods of this move or of an earlier try of it. @param {Context} context */
export async function removeCopyPods(context) {
  await Promise.all([removeCopyPod(context, "measure", false), removeCopyPod(context, "copy", false)]);
}

/** @param {Context} context @param {"measure" | "copy"} action @param {boolean} [abortable] */
async function removeCopyPod(context, action, abortable = true) {
  const { api, move, paths, patience } = context;
  const path = paths.pod(podName(move, action));
  if (!(await api.remove(path, { gracePeriodSeconds: 1 }))) return;
  const gone = await context.until(patience, async () => ((await api.find(path)) ? undefined : true), { abortable });
  if (!gone) throw new MoveError(`pod ${podName(move, action)} of an earlier try doesn't end`, { transient: true });
}

/** @param {Context} context @param {KubeObject} pod */
async function create({ api, paths }, pod) {
  try {
    await api.create(paths.pods, pod);
  } catch (error) {
    // Asked for twice, because the first answer was lost.
    if (error instanceof ApiError && error.reason === "AlreadyExists") return;
    if (error instanceof ApiError) throw new MoveError(`the cluster refuses the copy pod: ${error.message}`, error);
    throw error;
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
    return undefined;
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

/** Watches over a pod's way to its start. */
class Start {
  #since = performance.now();
  /** @type {number | undefined} */
  #troubled;

  /** @param {Context} context @param {"measure" | "copy"} action */
  constructor(context, action) {
    this.context = context;
    this.action = action;
  }

  /** Throws when what is wrong lasts. @param {KubeObject} pod */
  async check(pod) {
    const { patience, move } = this.context;
    const trouble = troubleOf(pod, await this.#warnings());
    this.#troubled = trouble ? (this.#troubled ?? performance.now()) : undefined;
    const late = performance.now() - this.#since > startPatience;
    if (late || (this.#troubled !== undefined && performance.now() - this.#troubled > patience)) {
      throw new MoveError(`pod ${podName(move, this.action)} doesn't start: ${trouble ?? "the node doesn't say why"}`);
    }
  }

  async #warnings() {
    const { api, paths, move } = this.context;
    const names = [podName(move, this.action), ...[move.source.claim, move.target.claim].filter((name) => name !== undefined)];
    const lists = await Promise.all(names.map((name) => api.list(paths.warnings(name))));
    return lists.flat();
  }
}

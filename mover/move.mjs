// @ts-check
import { mounts } from "./copy-pod.mjs";
import { runCopyPod } from "./copy-runs.mjs";
import { annotate, claimOf, finish, hasArrived, record } from "./claims.mjs";
import { MoveError } from "./faults.mjs";
import { dropPod, removePod } from "./own-pods.mjs";
import { copyingAnnotation } from "./paths.mjs";
import { checkUntouched, findWorkload, stop, switchOver, usersOf } from "./service.mjs";
import { counted, formatBytes } from "./sizes.mjs";
import { endInUse } from "./workload.mjs";

/** @import { Context } from "./context.mjs" */
/** @import { CopyTask } from "./measure.mjs" */
/** @import { Copied, Measured } from "../model/mover.js" */
/** @typedef {import("./api.mjs").KubeObject} KubeObject */

/**
 * Carries a service's data from one claim to another and starts it there. Every step is decided from what the cluster
 * shows, so a move that was cut off goes on where it was; a volume that the service uses is never written to.
 * @param {Context} context
 */
export async function moveClaim(context) {
  const { move } = context;
  const workload = await findWorkload(context);
  if (workload ? endInUse(workload, move) === "target" : await hasArrived(context)) return finish(context);
  // Of an earlier try, with that one's programs.
  if (move.across) await removePod(context, "source");
  const contexts = [context, ...(await othersOf(context, workload))];
  const moves = contexts.map((each) => each.move);
  const parts = await Promise.all(contexts.map(async (each) => ({ each, task: await taskOf(each) })));
  const node = await nodeOf(context);
  // A claim for one pod only can't be looked into beside that: it is measured after the stop.
  const isBeside = (/** @type {Context} */ { move }) =>
    node !== undefined && move.source.accessMode !== "ReadWriteOncePod";
  for (const { each, task } of parts) if (isBeside(each)) await measure(each, task, { node, beside: true });
  const stopped = workload && (await stop(context, moves));
  for (const { each, task } of parts)
    if (!isBeside(each) && !task.resume) await measure(each, task, { node, beside: false });
  for (const { each, task } of parts) {
    const copied = /** @type {Copied} */ (await runCopyPod(each, "copy", { task, node, beside: false }));
    await record(each, copied, task.sourceId);
  }
  if (move.across) await dropPod(context, "source");
  if (stopped) await switchOver(context, await checkUntouched(context, stopped, moves), moves);
  await finish(context);
}

/**
 * Volumes of the same pod that go to another node with this one, and haven't yet. @param {Context} context @param
 * {KubeObject | undefined} workload
 */
async function othersOf(context, workload) {
  const { together = [], ...move } = context.move;
  const contexts = together.map((other) => context.with({ ...move, ...other }));
  const arrived = await Promise.all(
    contexts.map((each) => (workload ? endInUse(workload, each.move) === "target" : hasArrived(each))),
  );
  return contexts.filter((_, i) => !arrived[i]);
}

/** @param {Context} context @returns {Promise<CopyTask>} */
export async function taskOf(context) {
  const { move } = context;
  const source = await claimOf(context, move.source.claim);
  const target = move.target.claim ? await claimOf(context, move.target.claim) : undefined;
  const [user] = await usersOf(context, move.target.claim);
  if (user)
    throw new MoveError(`${move.target.claim} is in use by pod ${user.metadata.name}, so nothing is copied to it`);
  return {
    ...mounts,
    sourceName: source.metadata.name,
    targetName: target?.metadata.name ?? "the emptyDir",
    sourceId: source.metadata.uid,
    size: target ? target.spec.resources?.requests?.storage : emptyDirSize(move),
    replace: move.replace,
    resume: target?.metadata.annotations?.[copyingAnnotation] === source.metadata.uid,
  };
}

/** @param {Context["move"]} move @returns {string | undefined} */
function emptyDirSize({ pod, volume }) {
  const volumes = /** @type {KubeObject[]} */ (pod?.volumes ?? []);
  return volumes.find(({ name }) => name === volume)?.emptyDir?.sizeLimit;
}

/** Where the service's pod runs. @param {Context} context @returns {Promise<string | undefined>} */
export async function nodeOf(context) {
  const users = await usersOf(context, context.move.source.claim);
  return users.find(({ spec }) => spec.nodeName)?.spec.nodeName;
}

/** @param {Context} context @param {CopyTask} task @param {{ node?: string, beside: boolean }} where */
export async function measure(context, task, where) {
  const { files, bytes } = /** @type {Measured} */ (await runCopyPod(context, "measure", { task, ...where }));
  context.log(
    `${task.sourceName} uses ${formatBytes(bytes)} in ${counted(files, "file")}; ${task.targetName} has room for it`,
  );
  // The target was looked at: it's empty, or this copy's. Whoever finds a whole copy that nobody noted may go on with
  // it.
  await annotate(context, context.move.target.claim, { [copyingAnnotation]: task.sourceId });
}

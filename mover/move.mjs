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
/** @import { Copied, Measured } from "./types.d.ts" */
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
  const task = await taskOf(context);
  const node = await nodeOf(context);
  // A claim for one pod only can't be looked into beside that: it is measured after the stop.
  const beside = node !== undefined && move.source.accessMode !== "ReadWriteOncePod";
  if (beside) await measure(context, task, { node, beside });
  const stopped = workload && (await stop(context));
  if (!beside && !task.resume) await measure(context, task, { node, beside });
  const copied = /** @type {Copied} */ (await runCopyPod(context, "copy", { task, node, beside: false }));
  if (move.across) await dropPod(context, "source");
  await record(context, copied, task.sourceId);
  if (stopped) await switchOver(context, await checkUntouched(context, stopped));
  await finish(context);
}

/** @param {Context} context @returns {Promise<CopyTask>} */
export async function taskOf(context) {
  const { move } = context;
  const source = await claimOf(context, move.source.claim);
  const target = move.target.claim ? await claimOf(context, move.target.claim) : undefined;
  const [user] = await usersOf(context, move.target.claim);
  if (user) throw new MoveError(`${move.target.claim} is in use by pod ${user.metadata.name}, so nothing is copied to it`);
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
function emptyDirSize({ pod, volume, template }) {
  const volumes = /** @type {KubeObject[]} */ (pod?.volumes ?? []);
  return volumes.find(({ name }) => name === (template?.to ?? volume))?.emptyDir?.sizeLimit;
}

/** Where the service's pod runs. @param {Context} context @returns {Promise<string | undefined>} */
export async function nodeOf(context) {
  const users = await usersOf(context, context.move.source.claim);
  return users.find(({ spec }) => spec.nodeName)?.spec.nodeName;
}

/** @param {Context} context @param {CopyTask} task @param {{ node?: string, beside: boolean }} where */
export async function measure(context, task, where) {
  const { files, bytes } = /** @type {Measured} */ (await runCopyPod(context, "measure", { task, ...where }));
  context.log(`${task.sourceName} uses ${formatBytes(bytes)} in ${counted(files, "file")}; ${task.targetName} has room for it`);
  // The target was looked at: it's empty, or this copy's. Whoever finds a whole copy that nobody noted may go on with it.
  await annotate(context, context.move.target.claim, { [copyingAnnotation]: task.sourceId });
}

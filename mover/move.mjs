// @ts-check
import { runCopyPod } from "./copy-runs.mjs";
import { MoveError } from "./faults.mjs";
import { copyingAnnotation, movedAnnotation, movedToAnnotation, movingAnnotation } from "./paths.mjs";
import { becomesReady, checkUntouched, findWorkload, stop, switchOver, usersOf } from "./service.mjs";
import { counted, formatBytes, formatSeconds } from "./sizes.mjs";
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
  if (workload && endInUse(workload, move) === "target") return finish(context);
  const task = await taskOf(context);
  const node = await nodeOf(context);
  // A claim for one pod only can't be looked into beside it; what the copy itself measures then comes after the stop.
  if (node && move.source.accessMode !== "ReadWriteOncePod") await measure(context, task, node);
  const stopped = workload && (await stop(context));
  const copied = /** @type {Copied} */ (await runCopyPod(context, "copy", { task, node, beside: false }));
  await record(context, copied, task.sourceId);
  if (stopped) await switchOver(context, await checkUntouched(context, stopped));
  await finish(context);
}

/** @param {Context} context @returns {Promise<CopyTask>} */
async function taskOf(context) {
  const { move } = context;
  const source = await claimOf(context, move.source.claim);
  const target = await claimOf(context, move.target.claim);
  const users = await usersOf(context, move.target.claim);
  if (users.length > 0) throw new MoveError(`${move.target.claim} is in use by pod ${users[0]?.metadata.name}, so nothing is copied to it`);
  return {
    source: "/source",
    target: "/target",
    sourceName: source.metadata.name,
    targetName: target.metadata.name,
    sourceId: source.metadata.uid,
    size: target.spec.resources?.requests?.storage,
    replace: move.replace,
    resume: target.metadata.annotations?.[copyingAnnotation] === source.metadata.uid,
  };
}

/** @param {Context} context @param {string | undefined} name @returns {Promise<KubeObject>} */
async function claimOf({ api, paths, move }, name = "") {
  const claim = await api.find(paths.claim(name));
  if (!claim) throw new MoveError(`there is no claim ${name} in ${move.namespace}`);
  if (claim.metadata.deletionTimestamp) throw new MoveError(`claim ${name} is being deleted`);
  if (claim.status?.phase === "Lost") throw new MoveError(`claim ${name} has lost its volume`);
  return claim;
}

/** Where the service's pod runs. @param {Context} context @returns {Promise<string | undefined>} */
async function nodeOf(context) {
  const users = await usersOf(context, context.move.source.claim);
  return users.find(({ spec }) => spec.nodeName)?.spec.nodeName;
}

/** @param {Context} context @param {CopyTask} task @param {string} node */
async function measure(context, task, node) {
  const { files, bytes } = /** @type {Measured} */ (await runCopyPod(context, "measure", { task, node, beside: true }));
  context.log(`${task.sourceName} uses ${formatBytes(bytes)} in ${counted(files, "file")}; ${task.targetName} has room for it`);
}

/** Before the switch: a move that is cut off after it must not lose what was found. @param {Context} context @param {Copied} copied @param {string} sourceId */
async function record({ api, paths, move, log }, copied, sourceId) {
  const { files, bytes, seconds } = copied;
  log(`copied and checked ${formatBytes(bytes)} in ${counted(files, "file")}, ${formatSeconds(seconds)}`);
  const moved = { from: move.source.claim ?? "emptyDir", at: new Date().toISOString(), ...copied, seconds: Math.round(seconds * 10) / 10 };
  await annotate({ api, paths }, move.target.claim, { [movedAnnotation]: JSON.stringify(moved), [copyingAnnotation]: sourceId });
}

/** What is left to do once the workload is on the target. @param {Context} context */
export async function finish(context) {
  const { api, paths, move, log } = context;
  const workload = await api.find(paths.workload);
  const moving = workload?.metadata.annotations?.[movingAnnotation] === move.job;
  // A person who stopped it since has a reason; a move that was cut off hasn't.
  if (moving && workload.spec.replicas === 0) await api.patch(paths.workload, { spec: { replicas: 1 } });
  if (workload && !(await becomesReady(context))) log(`${move.service} is not ready yet; its data is on ${move.target.claim ?? "the emptyDir"} now, and was checked there`);
  else log(workload ? `${move.service} is ready on ${move.target.claim ?? "an emptyDir"}` : `${move.service} is not running; its data is on ${move.target.claim}`);
  await annotate({ api, paths }, move.target.claim, { [copyingAnnotation]: null });
  await annotate({ api, paths }, move.source.claim, { [movedToAnnotation]: JSON.stringify({ to: move.target.claim ?? "emptyDir", at: new Date().toISOString() }) });
  if (moving) await api.patch(paths.workload, { metadata: { annotations: { [movingAnnotation]: null } } });
}

/** @param {Pick<Context, "api" | "paths">} context @param {string | undefined} claim @param {Record<string, string | null>} annotations */
export async function annotate({ api, paths }, claim, annotations) {
  if (claim) await api.patch(paths.claim(claim), { metadata: { annotations } });
}

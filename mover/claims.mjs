// @ts-check
import { MoveError } from "./faults.mjs";
import { handOver } from "./hand-over.mjs";
import {
  copyingAnnotation,
  movedAnnotation,
  movedToAnnotation,
  movingAnnotation,
  workloadAnnotation,
} from "./paths.mjs";
import { becomesReady, dropOldPod, wakeUp } from "./service.mjs";
import { counted, formatBytes, formatSeconds } from "./sizes.mjs";
import { nameOf } from "./workload.mjs";

/** @import { Context } from "./context.mjs" */
/** @import { Copied } from "../model/mover.js" */
/** @typedef {import("./api.mjs").KubeObject} KubeObject */

/**
 * A claim of the move, fit to be mounted. @param {Context} context @param {string | undefined} name @returns
 * {Promise<KubeObject>}
 */
export async function claimOf({ api, paths, move }, name = "") {
  const claim = await api.find(paths.claim(name));
  if (!claim) throw new MoveError(`there is no claim ${name} in ${move.namespace}`);
  if (claim.metadata.deletionTimestamp) throw new MoveError(`claim ${name} is being deleted`);
  if (claim.status?.phase === "Lost") throw new MoveError(`claim ${name} has lost its volume`);
  return claim;
}

/**
 * Notes a complete copy. Before the switch: a move that is cut off after it must not lose what was found.
 * @param {Context} context @param {Copied} copied @param {string} sourceId
 */
export async function record(context, copied, sourceId) {
  const { move, log } = context;
  const { files, bytes, seconds } = copied;
  log(`copied and checked ${formatBytes(bytes)} in ${counted(files, "file")}, ${formatSeconds(seconds)}`);
  const moved = {
    from: move.source.claim ?? "emptyDir",
    at: new Date().toISOString(),
    ...copied,
    seconds: Math.round(seconds * 10) / 10,
  };
  await annotate(context, move.target.claim, {
    [movedAnnotation]: JSON.stringify(moved),
    [copyingAnnotation]: sourceId,
  });
}

/**
 * Whether this move was made before, by what the claims say. Only for a service without a workload, whose own volume
 * would
 * say it better: a second copy would put old data over what was written since.
 * @param {Context} context
 */
export async function hasArrived(context) {
  const { source, target } = context.move;
  if (!target.claim) return false;
  const [to, from] = [
    await claimOf(context, target.claim),
    source.claim ? await claimOf(context, source.claim) : undefined,
  ];
  if (noteOn(to, movedAnnotation)?.from !== (source.claim ?? "emptyDir") || noteOn(to, movedToAnnotation)) return false;
  return !from || noteOn(from, movedToAnnotation)?.to === target.claim;
}

/** @param {KubeObject} claim @param {string} annotation @returns {{ from?: string, to?: string } | undefined} */
function noteOn(claim, annotation) {
  try {
    return JSON.parse(claim.metadata.annotations?.[annotation] ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

/** What is left to do once the workload is on the target. @param {Context} context */
export async function finish(context) {
  const { move, log } = context;
  const { workload, moving } = await wakeUp(context);
  await dropOldPod(context);
  const resting = !workload || (!moving && workload.spec.replicas === 0);
  if (resting) log(`${move.service} is not running; its data is on ${nameOf(move.target)}`);
  else if (await becomesReady(context)) log(`${move.service} is ready on ${nameOf(move.target)}`);
  else log(`${move.service} is not ready yet; its data is on ${nameOf(move.target)} now, and was checked there`);
  // A volume that its service had left before, and is on again, says so no more.
  await annotate(context, move.target.claim, { [copyingAnnotation]: null, [movedToAnnotation]: null });
  await annotate(context, move.source.claim, {
    [movedToAnnotation]: JSON.stringify({ to: move.target.claim ?? "emptyDir", at: new Date().toISOString() }),
    [workloadAnnotation]: null,
  });
  await handOver(context, moving ? { [movingAnnotation]: null } : {});
}

/** @param {Context} context @param {string | undefined} claim @param {Record<string, string | null>} annotations */
export async function annotate({ api, paths }, claim, annotations) {
  if (claim) await api.patch(paths.claim(claim), { metadata: { annotations } });
}

// @ts-check
import { ApiError } from "./api.mjs";
import { MoveError } from "./faults.mjs";

/** @import { Context } from "./context.mjs" */
/** @import { Move } from "../model/mover.js" */
/** @typedef {import("./api.mjs").KubeObject} KubeObject */
/** What a pod of the move does. @typedef {"measure" | "copy" | "source"} Part */

/** @param {Pick<Move, "job">} move @param {Part} part */
export const podName = ({ job }, part) => `${job}-${part}`;

/** The pods that a move may make. A move on one node has no right to more. @param {Move} move @returns {Part[]} */
export const partsOf = ({ across }) => ["measure", "copy", ...(across ? [/** @type {const} */ ("source")] : [])];

/** What the cluster takes a pod of the move away with. @param {Context} context */
export async function jobReference({ api, paths }) {
  const { metadata } = await api.get(paths.job);
  return { apiVersion: "batch/v1", kind: "Job", name: metadata.name, uid: metadata.uid };
}

/** @param {Context} context @param {KubeObject} pod */
export async function createPod({ api, paths }, pod) {
  try {
    await api.create(paths.pods, pod);
  } catch (error) {
    // Asked for twice, because the first answer was lost.
    if (error instanceof ApiError && error.reason === "AlreadyExists") return;
    if (error instanceof ApiError) throw new MoveError(`the cluster refuses the copy pod: ${error.message}`, error);
    throw error;
  }
}

/** Those of this move or of an earlier try of it. @param {Context} context */
export async function removePods(context) {
  await Promise.all(partsOf(context.move).map((part) => removePod(context, part, false)));
}

/** Returns when it is gone. @param {Context} context @param {Part} part @param {boolean} [abortable] */
export async function removePod(context, part, abortable = true) {
  const { api, move, paths, patience } = context;
  if (!(await dropPod(context, part))) return;
  const gone = await context.until(
    patience,
    async () => ((await api.find(paths.pod(podName(move, part)))) ? undefined : true),
    { abortable },
  );
  if (!gone) throw new MoveError(`pod ${podName(move, part)} of an earlier try doesn't end`, { transient: true });
}

/** Doesn't wait for its end. @param {Context} context @param {Part} part @returns {Promise<KubeObject | undefined>} */
export const dropPod = ({ api, paths, move }, part) =>
  api.remove(paths.pod(podName(move, part)), { gracePeriodSeconds: 1 });

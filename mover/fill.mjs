// @ts-check
import { annotate, claimOf, finish, hasArrived, record } from "./claims.mjs";
import { MoveError } from "./faults.mjs";
import { Hold } from "./hold.mjs";
import { readMarker } from "./marker.mjs";
import { readTarget } from "./measure.mjs";
import { containerOf } from "./mounts.mjs";
import { copyingAnnotation, movingAnnotation } from "./paths.mjs";
import { checkSamePod, endPod, runningPod } from "./pods.mjs";
import { findWorkload, switchOver } from "./service.mjs";
import { discardStaging, finishSwap, openStaging, swapIn } from "./staging.mjs";
import { marksOf, stage } from "./streams.mjs";
import { endInUse } from "./workload.mjs";

/** @import { Context } from "./context.mjs" */
/** @import { Copied, ExportRecipe } from "../model/mover.js" */
/** @typedef {import("./api.mjs").KubeObject} KubeObject */

/**
 * A volume that leaves the pod: its own move, how, and where its claim is mounted here.
 * @typedef {{ context: Context, exportRecipe: ExportRecipe, target: string }} Part
 */

/**
 * Takes the data out of a running pod whose emptyDir dies with it, and starts the service on the claim. All volumes
 * that
 * leave the pod do so before it goes. The service takes no writes from before the stream until the pod is gone; on any
 * failure it is let go again, with nothing lost.
 * @param {Context} context @param {string} [target] where the claim is mounted here; others are beside it
 */
export async function fillClaim(context, target = "/target") {
  const { move, api, paths } = context;
  const workload = await findWorkload(context);
  if (!workload && (await hasArrived(context))) return finish(context);
  if (!workload)
    throw new MoveError(`there is no ${move.workload.kind} ${move.workload.name}, so there is no pod with data`);
  if (endInUse(workload, move) === "target") return finish(context);
  if (!move.exportRecipe)
    throw new MoveError(
      `nobody knows how ${move.service}'s data leaves a running pod consistently, so it can't be moved off an emptyDir`,
    );
  const pod = await runningPod(context, workload);
  if (!pod)
    throw new MoveError(
      `${move.service} has no running pod, and its emptyDir went with the last one: there is no data to move`,
    );
  const exportRecipe = inContainer(pod, move, move.exportRecipe);
  const parts = [{ context, exportRecipe, target }, ...othersOf(context, workload, pod, target)];
  for (const part of parts) await prepareTarget(part);
  await api.patch(paths.workload, { metadata: { annotations: { [movingAnnotation]: move.job } } });
  await whileHeld(
    context,
    pod,
    parts.map((part) => part.exportRecipe),
    async (hold) => {
      const copied = await takeOut(pod, parts, hold);
      await hold.renew();
      await checkSamePod(context, pod);
      for (const [i, part] of parts.entries())
        await record(part.context, /** @type {Copied} */ (copied[i]), sourceId(part.context));
      await switchOver(
        context,
        await api.get(paths.workload),
        parts.map((part) => part.context.move),
      );
    },
  );
  await endPod(context, pod, exportRecipe);
  await finish(context);
}

/**
 * Volumes of the same pod whose own jobs come later, when it would be gone. @param {Context} context @param
 * {KubeObject} workload @param {KubeObject} pod @param {string} target @returns {Part[]}
 */
function othersOf(context, workload, pod, target) {
  const { others = [], ...move } = context.move;
  const all = others
    .map((other) => ({ move: { ...move, ...other }, other }))
    .filter((each) => endInUse(workload, each.move) === "source");
  return all.map((each) => ({
    context: context.with(each.move),
    exportRecipe: inContainer(pod, each.move, each.other.exportRecipe),
    target: `${target}-${each.move.volume}`,
  }));
}

/** @param {KubeObject} pod @param {Context["move"]} move @param {ExportRecipe} exportRecipe @returns {ExportRecipe} */
const inContainer = (pod, move, exportRecipe) => ({
  ...exportRecipe,
  container: containerOf(pod, move, exportRecipe.container),
});

/** What the unfinished copy is one of: an emptyDir has no identity of its own. @param {Context} context */
const sourceId = ({ move }) => `emptyDir of ${move.service}`;

/**
 * Accepts only an empty target, this move's own or one that is superseded; changes nothing else in it yet. @param
 * {Part} part
 */
async function prepareTarget({ context, target }) {
  const { move } = context;
  const id = sourceId(context);
  const claim = await claimOf(context, move.target.claim);
  const resume = claim.metadata.annotations?.[copyingAnnotation] === id;
  readTarget({
    source: "",
    target,
    sourceName: id,
    targetName: claim.metadata.name,
    sourceId: id,
    replace: move.replace,
    resume,
  });
  // What an earlier try had whole stays until there is something newer.
  if (readMarker(target) === id) finishSwap(target);
  await annotate(context, move.target.claim, { [copyingAnnotation]: id });
}

/**
 * Does the work while the data stands still, where it can be made to. Whatever goes wrong before the switch, the
 * service
 * is let go.
 * @param {Context} context @param {KubeObject} pod @param {ExportRecipe[]} leaves @param {(hold: Hold) => Promise<void>} work
 */
async function whileHeld(context, pod, leaves, work) {
  const { api, paths, move } = context;
  const hold = new Hold(context, pod, leaves);
  try {
    await hold.begin();
    await work(hold);
    hold.stop();
  } catch (error) {
    hold.stop();
    const workload = await api.find(paths.workload);
    // After the switch, letting writes in would only mean losing them with the pod.
    if (!workload || endInUse(workload, move) === "source") await hold.end();
    throw error;
  }
}

/**
 * Streams the volumes, and puts them in their places once all of them are whole. @param {KubeObject} pod @param
 * {Part[]} parts @param {Hold} hold @returns {Promise<Copied[]>}
 */
async function takeOut(pod, parts, hold) {
  const copied = await streamAll(pod, parts, hold).catch((error) => {
    for (const { target } of parts) discardStaging(target);
    throw error;
  });
  for (const { context, target } of parts) swapIn(target, sourceId(context));
  return copied;
}

/** @param {KubeObject} pod @param {Part[]} parts @param {Hold} hold @returns {Promise<Copied[]>} */
async function streamAll(pod, parts, hold) {
  const before = await marksOf(pod, parts);
  const copied = [];
  for (const { context, exportRecipe, target } of parts)
    copied.push(await stage(context, pod, exportRecipe, openStaging(target)));
  await hold.tighten();
  const after = await marksOf(pod, parts);
  const changed = parts.find((_, i) => after[i] !== before[i]);
  if (changed)
    throw new MoveError(`${changed.context.move.service} went on writing while its data was copied`, {
      transient: true,
    });
  return copied;
}

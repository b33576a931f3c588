import { copyingAnnotation, movingAnnotation } from "../../model/metadata";
import type { Guard, Held } from "../../model/copy-guard";
import type { Copied, Move } from "../../model/mover";
import type { ExportRecipe } from "../../model/export-recipe";
import { isMarked, readMarker } from "../copy/marker";
import { readTarget } from "../copy/measure";
import { discardStaging, finishSwap, openStaging, swapIn } from "../copy/staging";
import { heldIn, lostFault } from "../copy/worth";
import { MoveError } from "../faults";
import { annotate } from "../orchestrate/annotate";
import { claimOf, finish, hasArrived, record } from "../orchestrate/claims";
import type { Context } from "../orchestrate/context";
import { protectionOf } from "../orchestrate/guarding";
import { containerOf } from "../orchestrate/mounts";
import type { Pod, Workload } from "../orchestrate/objects";
import { checkSamePod, endPod, runningPod } from "../orchestrate/pods";
import { findWorkload, switchOver } from "../orchestrate/service";
import { endInUse } from "../orchestrate/workload";
import { Hold } from "./hold";
import { streamAll } from "./streams";

/** A volume that leaves the pod. */
interface Part {
  /** The context of the volume's own move. */
  context: Context;
  exportRecipe: ExportRecipe;
  /** Where its claim is mounted here. */
  target: string;
  /** What the claim held before, and what shows that the pod has lost its data. */
  before?: { held: Held; guard?: Guard };
}

/**
 * Takes the data out of a running pod whose emptyDir dies with it, and starts the service on the claim. All volumes
 * that leave the pod do so before the pod goes. The service takes no writes from before the stream until the pod is
 * gone. On any failure the service is let go again, with nothing lost. `target`: where the claim is mounted here; the
 * other claims are mounted beside it.
 */
export async function fillClaim(context: Context, target = "/target"): Promise<void> {
  const { move, api, paths } = context;
  const workload = await findWorkload(context);
  if (!workload && (await hasArrived(context))) return finish(context);
  if (!workload)
    throw new MoveError(`there is no ${move.workload.kind} ${move.workload.name}, so there is no pod with data`);
  if (endInUse(workload, move) === "target") return finish(context);
  const { pod, exportRecipe } = await podWithData(context, workload);
  const parts = [{ context, exportRecipe, target }, ...othersOf(context, workload, pod, target)];
  for (const part of parts) part.before = await prepareTarget(part);
  await api.patch(paths.workload, { metadata: { annotations: { [movingAnnotation]: move.job } } });
  await whileHeld(context, pod, parts, async (hold) => {
    const taken = await takeOut(pod, parts, hold);
    await hold.renew();
    await checkSamePod(context, pod);
    for (const { part, copied } of taken) await record(part.context, copied, sourceId(part.context));
    const moves = parts.map((part) => part.context.move);
    await switchOver(context, await api.get(paths.workload), moves);
  });
  await endPod(context, pod, exportRecipe);
  await finish(context);
}

/** The pod that the data leaves, and how. Throws where there is no such pod, or no recipe. */
async function podWithData(context: Context, workload: Workload): Promise<{ pod: Pod; exportRecipe: ExportRecipe }> {
  const { service, exportRecipe } = context.move;
  if (!exportRecipe)
    throw new MoveError(
      `${service} has no export recipe, which says how its data leaves a running pod consistently, so it can't be ` +
        "moved off an emptyDir",
    );
  const pod = await runningPod(context, workload);
  if (!pod)
    throw new MoveError(
      `${service} has no running pod, and its emptyDir was deleted with its last pod: there is no data to move`,
    );
  return { pod, exportRecipe: inContainer(pod, context.move, exportRecipe) };
}

/** The other volumes of the same pod. They are taken along, because the pod would be gone when their own jobs start. */
function othersOf(context: Context, workload: Workload, pod: Pod, target: string): Part[] {
  const { others = [], ...move } = context.move;
  const all = others
    .map((other) => ({ move: { ...move, ...other }, exportRecipe: other.exportRecipe }))
    .filter((each) => endInUse(workload, each.move) === "source");
  return all.map((each) => ({
    context: context.with(each.move),
    exportRecipe: inContainer(pod, each.move, each.exportRecipe),
    target: `${target}-${each.move.volume}`,
  }));
}

const inContainer = (pod: Pod, move: Move, exportRecipe: ExportRecipe): ExportRecipe => ({
  ...exportRecipe,
  container: containerOf(pod, move, exportRecipe.container),
});

/** What the unfinished copy is a copy of: an emptyDir has no identity of its own. */
const sourceId = ({ move }: Context) => `emptyDir of ${move.service}`;

/** Accepts only a target that is empty, belongs to this move or is superseded. Keeps the target's content for now. */
async function prepareTarget({ context, target }: Part): Promise<Part["before"]> {
  const { move } = context;
  const id = sourceId(context);
  const claim = await claimOf(context, move.target.claim);
  const { guard, ...protection } = protectionOf(move, undefined, claim);
  const present = readTarget({
    target,
    sourceName: id,
    targetName: claim.metadata.name,
    sourceId: id,
    ...protection,
    resume: claim.metadata.annotations?.[copyingAnnotation] === id,
  });
  const held = isMarked(target) ? { files: 0, bytes: 0 } : heldIn(present);
  // What an earlier try received completely stays until there is something newer.
  if (readMarker(target) === id) finishSwap(target);
  await annotate(context, move.target.claim, { [copyingAnnotation]: id });
  return { held, guard };
}

/**
 * Does the work while the data stands still, if the service can hold it. If anything fails before the switch, the
 * service is let go.
 */
async function whileHeld(
  context: Context,
  pod: Pod,
  parts: Part[],
  work: (hold: Hold) => Promise<void>,
): Promise<void> {
  const { api, paths, move } = context;
  const recipes = parts.map(({ exportRecipe }) => exportRecipe);
  const hold = new Hold(context, pod, recipes);
  try {
    await hold.begin();
    await work(hold);
    hold.stop();
  } catch (error) {
    hold.stop();
    const workload = await api.find(paths.workload);
    // After the switch the service stays held, because new writes would be lost with the pod.
    if (!workload || endInUse(workload, move) === "source") await hold.end();
    throw error;
  }
}

interface Taken {
  part: Part;
  copied: Copied;
}

/** Streams the volumes, and puts them in their places once all of them are whole. */
async function takeOut(pod: Pod, parts: Part[], hold: Hold): Promise<Taken[]> {
  const streamed = streamAll(pod, parts, hold, ({ target }) => openStaging(target)).then((taken) => {
    for (const { part, copied } of taken) checkTaken(part, copied);
    return taken;
  });
  const taken = await streamed.catch((error) => {
    for (const { target } of parts) discardStaging(target);
    throw error;
  });
  for (const { context, target } of parts) swapIn(target, sourceId(context));
  return taken;
}

/** Throws where so little left the pod that what the claim held before may be the only good copy. */
function checkTaken({ context, before }: Part, copied: Copied): void {
  if (!before?.guard || before.held.files === 0) return;
  const names = { sourceName: sourceId(context), targetName: context.move.target.claim ?? "" };
  const fault = lostFault(names, before.guard, copied, before.held);
  if (fault !== undefined) throw new MoveError(fault);
}

import {
  copyingAnnotation,
  enoughFilesAnnotation,
  movedAnnotation,
  movedToAnnotation,
  movingAnnotation,
  workloadAnnotation,
} from "../../model/metadata";
import type { Copied, Moved, MovedTo } from "../../model/mover";
import { isPoint, newestPoint, pointOrigin } from "../../model/restore";
import { MoveError } from "../faults";
import { formatBytes } from "../../model/quantity";
import { counted, formatSeconds } from "../sizes";
import { annotate } from "./annotate";
import { movedNote, movedToNote } from "./notes";
import type { Context } from "./context";
import { handOver } from "./hand-over";
import type { Claim } from "./objects";
import { becomesReady, wakeUp } from "./service";
import { dropOldPod } from "./stateful-set";
import { nameOf } from "./workload";

/** A claim of the move. Throws where it isn't fit to be mounted. */
export async function claimOf({ api, paths, move }: Context, name = ""): Promise<Claim> {
  const claim = await api.find(paths.claim(name));
  if (!claim) throw new MoveError(`there is no claim ${name} in ${move.namespace}`);
  if (claim.metadata.deletionTimestamp) throw new MoveError(`claim ${name} is being deleted`);
  if (claim.status?.phase === "Lost") throw new MoveError(`claim ${name} has lost its volume`);
  return claim;
}

/**
 * Records a complete copy on the claim before the switch, so that a move that is cut off later doesn't lose the result.
 */
export async function record(context: Context, copied: Copied, sourceId: string): Promise<void> {
  const { move, log } = context;
  const { files, bytes, seconds } = copied;
  const done = move.restore ? "restored" : "copied";
  log(`${done} and checked ${formatBytes(bytes)} in ${counted(files, "file")}, ${formatSeconds(seconds)}`);
  const moved: Moved = {
    from: originOf(move),
    at: new Date().toISOString(),
    ...copied,
    seconds: Math.round(seconds * 10) / 10,
  };
  await annotate(context, move.target.claim, {
    [movedAnnotation]: JSON.stringify(moved),
    [copyingAnnotation]: sourceId,
  });
}

/** Where the data on the target came from, as its note says it. */
const originOf = ({ restore, source }: Context["move"]) =>
  restore ? pointOrigin(restore.point) : (source.claim ?? "emptyDir");

/** Whether what a note says is where this move's data comes from. */
export const cameFrom = (move: Context["move"], from: string | undefined): boolean =>
  move.restore?.point === newestPoint ? isPoint(from) : from === originOf(move);

/**
 * Whether this move was made before, as the claims say. A second copy would put old data over newer writes. This is
 * asked only for a service without a workload, because the workload's own volume would be better evidence.
 */
export async function hasArrived(context: Context): Promise<boolean> {
  const { source, target, restore } = context.move;
  if (!target.claim) return false;
  const to = await claimOf(context, target.claim);
  const from = source.claim ? await claimOf(context, source.claim) : undefined;
  if (!cameFrom(context.move, movedNote(to)?.from) || movedToNote(to)) return false;
  return restore !== undefined || !from || movedToNote(from)?.to === target.claim;
}

/** Does the remaining steps once the workload is on the target. */
export async function finish(context: Context): Promise<void> {
  const { move, log } = context;
  const { workload, moving } = await wakeUp(context);
  await dropOldPod(context);
  const resting = !workload || (!moving && workload.spec.replicas === 0);
  if (resting) log(`${move.service} is not running; its data is on ${nameOf(move.target)}`);
  else if (await becomesReady(context)) log(`${move.service} is ready on ${nameOf(move.target)}`);
  else log(`${move.service} is not ready yet; its data is on ${nameOf(move.target)} now, and was checked there`);
  // The target may be a volume that its service had left before: the service is on it again.
  const target = move.target.claim ? await claimOf(context, move.target.claim) : undefined;
  await annotate(context, move.target.claim, {
    [copyingAnnotation]: null,
    [movedToAnnotation]: null,
    [enoughFilesAnnotation]: null,
  });
  // Only a copy back from exactly this volume may replace what the source holds.
  const left: MovedTo = {
    to: move.target.claim ?? "emptyDir",
    at: new Date().toISOString(),
    ...(target && { uid: target.metadata.uid, volume: target.spec.volumeName }),
  };
  await annotate(context, move.source.claim, {
    // The data of a service that was restored went nowhere: no copy back may replace it.
    ...(!move.restore && { [movedToAnnotation]: JSON.stringify(left) }),
    [workloadAnnotation]: null,
    [enoughFilesAnnotation]: null,
  });
  await handOver(context, moving ? { [movingAnnotation]: null } : {});
}

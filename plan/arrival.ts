import { movedAnnotation, movedToAnnotation } from "../model/metadata";
import { isPoint, newestPoint, pointOrigin } from "../model/restore";
import type { ClaimPlan, MovePlan } from "../model/storage";

/** A claim's annotations, as the mover left them; undefined where there is no such claim. */
export type Annotations = Record<string, string> | undefined;

/**
 * Why a workload may not be given the volume of its move yet; undefined where the data has arrived there. The mover
 * records the arrival on both claims: on the new one what was copied to it, on the old one that
 * the service has left it. A restore notes only the new one: the old one's data went nowhere.
 */
export function notArrived(
  { name, ephemeral }: Pick<ClaimPlan, "name" | "ephemeral">,
  move: Pick<MovePlan, "job" | "restore"> & { from: Pick<MovePlan["from"], "name" | "ephemeral"> },
  target: Annotations,
  source: Annotations,
): string | undefined {
  const origin = move.restore ? pointOrigin(move.restore.point) : move.from.ephemeral ? "emptyDir" : move.from.name;
  const from = readNote<Moved>(target, movedAnnotation)?.from;
  const copied = ephemeral || (fills(move) ? isPoint(from) : from === origin);
  const left =
    move.restore !== undefined ||
    move.from.ephemeral ||
    readNote<Moved>(source, movedToAnnotation)?.to === (ephemeral ? "emptyDir" : name);
  if (copied && left) return undefined;
  if (fills(move))
    return (
      `${name} has not been filled from the newest point (job ${move.job}), so the workload is not started; run the ` +
      "whole update again"
    );
  return (
    `the data has not arrived on ${ephemeral ? "the pod's own directory" : name} (job ${move.job}), so the ` +
    "workload still uses its old volume; run the whole update again; if an update was interrupted, run npm run " +
    "recover first"
  );
}

const fills = ({ restore }: Pick<MovePlan, "restore">) => restore?.point === newestPoint;

interface Moved {
  from: string;
  to: string;
}

/** A note on a claim, whose fields nothing has checked; undefined where there is none, or none that can be read. */
export function readNote<Note>(annotations: Annotations, key: string): Partial<Note> | undefined {
  try {
    return JSON.parse(annotations?.[key] ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

import { movedAnnotation, movedToAnnotation } from "../model/metadata";
import type { ClaimPlan, MovePlan } from "../model/storage";

/** A claim's annotations, as the mover left them; undefined where there is no such claim. */
export type Annotations = Record<string, string> | undefined;

/**
 * Why a workload may not be given the volume of its move yet; undefined where the data has arrived there. The mover
 * records the arrival on both claims: on the new one what was copied to it, on the old one that
 * the service has left it.
 */
export function notArrived(
  { name, ephemeral }: Pick<ClaimPlan, "name" | "ephemeral">,
  move: Pick<MovePlan, "job"> & { from: Pick<MovePlan["from"], "name" | "ephemeral"> },
  target: Annotations,
  source: Annotations,
): string | undefined {
  const copied =
    ephemeral || read(target, movedAnnotation)?.from === (move.from.ephemeral ? "emptyDir" : move.from.name);
  const left = move.from.ephemeral || read(source, movedToAnnotation)?.to === (ephemeral ? "emptyDir" : name);
  if (copied && left) return undefined;
  return (
    `the data has not arrived on ${ephemeral ? "the pod's own directory" : name} (job ${move.job}), so the ` +
    "workload still uses its old volume; run the whole update again; if an update was interrupted, run npm run " +
    "recover first"
  );
}

function read(annotations: Annotations, key: string): { from?: string; to?: string } | undefined {
  try {
    return JSON.parse(annotations?.[key] ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

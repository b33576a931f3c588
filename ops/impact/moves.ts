import type { Move } from "../../model/mover";
import { moveOfJob } from "../move/job-env";
import { kindOf, type ResourceChange } from "./changes";

/** The moves that this change begins: those whose jobs it creates. Earlier moves are not included. */
export function movesOf(changes: readonly ResourceChange[]): Move[] {
  return changes.flatMap(({ change, after }) => {
    if (!after || kindOf(after) !== "Job" || (change !== "created" && change !== "replaced")) return [];
    return moveOfJob(after.inputs?.spec, after.inputs?.metadata ?? {}) ?? [];
  });
}

const claimOf = ({ namespace }: Move, claim: string | undefined) =>
  claim === undefined ? undefined : `${namespace}/${claim}`;

export const moveTo = (moves: readonly Move[], claim: string) =>
  moves.find((move) => claimOf(move, move.target.claim) === claim);

export const moveFrom = (moves: readonly Move[], claim: string) =>
  moves.find((move) => claimOf(move, move.source.claim) === claim);

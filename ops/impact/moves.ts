import type { Move } from "../../model/mover";
import { kindOf, type ResourceChange } from "./changes";

/** A move that this change begins; one that was done earlier is not among them. */
export type StartedMove = Pick<
  Move,
  "kind" | "service" | "namespace" | "volume" | "source" | "target" | "replace" | "across"
>;

/** The moves whose jobs the change makes. The job is told what to do in its one variable. */
export function movesOf(changes: readonly ResourceChange[]): StartedMove[] {
  return changes.flatMap(({ change, after }) => {
    if (!after || kindOf(after) !== "Job" || (change !== "created" && change !== "replaced")) return [];
    const variables = after.inputs?.spec?.template?.spec?.containers?.flatMap(({ env = [] }) => env) ?? [];
    const told = variables.find(({ name }) => name === "MOVE")?.value;
    return told === undefined ? [] : [JSON.parse(told) as StartedMove];
  });
}

const claimOf = ({ namespace }: StartedMove, claim: string | undefined) =>
  claim === undefined ? undefined : `${namespace}/${claim}`;

export const moveTo = (moves: readonly StartedMove[], claim: string) =>
  moves.find((move) => claimOf(move, move.target.claim) === claim);

export const moveFrom = (moves: readonly StartedMove[], claim: string) =>
  moves.find((move) => claimOf(move, move.source.claim) === claim);

import { claimArgument, volumePath } from "../../model/config-path";
import type { Kube } from "../../kube/client";
import { backendTypes } from "../../backends/catalogue";
import type { Owner } from "../../model/plan";
import type { ClaimPlan } from "../../model/storage";
import { UserError } from "../../model/user-error";
import { projectName, readStackConfig } from "../pulumi/project";
import { planOf, type StackPlan } from "../pulumi/stack-plan";
import { readClaimEntry } from "./claim-entry";
import { type ClaimChange, decideMove, type MoveDecision } from "./decide";
import { editMap, readMap } from "./edit";
import { entryPath } from "./find";
import type { JobRef } from "./follow";
import { listPlaces, type Place } from "./places";
import { lookUpWorkload } from "../../kube/look-up";
import { givesUpReturn } from "./give-up";
import { assertSettled } from "./workload";

/** A stack as its file describes it before the move. */
export interface StackState {
  owner: Owner;
  /** The file's text. */
  text: string;
  planned: StackPlan;
  places: Place[];
}

/** Reads a stack's file and plans it. Throws a UserError where there is no file, and for one with faults. */
export async function readStack(stack: string): Promise<StackState> {
  const owner = { project: await projectName(), stack };
  const text = await readStackConfig(stack);
  const planned = planOf(text, owner);
  return { owner, text, planned, places: listPlaces(planned.config, backendTypes) };
}

/** One claim's part in a batch. */
export interface ClaimMove {
  /**
   * The claim as the file describes it before the edit. `node` is the volume's node, once that was read
   * from the cluster.
   */
  before: ClaimPlan;
  decision: MoveDecision;
  /** The claim as the edited file describes it. */
  after: ClaimPlan;
}

/** Claims that change the same way, with one edit of the stack file, one question and one update. */
export interface MoveBatch {
  change: ClaimChange;
  moves: ClaimMove[];
  /** The stack file's text before and after the edit. */
  text: { before: string; after: string };
}

/**
 * Decides the change for each claim, edits the file's text, and plans the stack again from the edited text. Throws a
 * UserError for the first claim that can't change so, and where the edited file would have faults. `takenOf`: the
 * generations of a claim that the cluster still has something of; a new volume's number is above them.
 */
export function planBatch(
  { owner, text, places }: StackState,
  claims: readonly ClaimPlan[],
  change: ClaimChange,
  takenOf: (claim: ClaimPlan) => readonly number[] = () => [],
): MoveBatch {
  let after = text;
  const decided = claims.map((claim) => {
    const path = entryPath(owner.project, claim);
    const decision = decideMove(
      claimArgument(claim),
      readClaimEntry(readMap(after, path)),
      change,
      places,
      takenOf(claim),
    );
    after = editMap(after, path, decision.edit);
    return { before: claim, decision };
  });
  const planned = planOf(after, owner).plan.services.flatMap((service) => service.claims);
  const moves = decided.map((move) => ({
    ...move,
    after: planned.find((claim) => volumePath(claim) === volumePath(move.before))!,
  }));
  return { change, moves, text: { before: text, after } };
}

/** The jobs that the update creates for a batch. Growth needs none, nor does a return without a copy. */
export const jobsOf = ({ moves }: Pick<MoveBatch, "moves">): JobRef[] =>
  moves.flatMap(({ after: { move, namespace } }) => (move ? [{ namespace, job: move.job }] : []));

/**
 * Throws a UserError where a claim's service has no workload to stop and start, or where an earlier move of a claim
 * isn't finished. `command`: how a person updates the stack.
 */
export async function assertAllSettled(
  kube: Kube,
  { change, moves }: MoveBatch,
  { plan }: StackPlan,
  command: string,
): Promise<void> {
  for (const { before, decision } of moves) {
    const service = plan.services.find(({ name }) => name === before.service);
    if (!service) throw new UserError(`${claimArgument(before)} has no service`);
    // A return to the volume that is still in use gives up the unfinished move; so does one whose copy was refused.
    const asItWas = change.kind === "back" && change.asItWas;
    if (asItWas && decision.edit.generation === undefined && (await givesUpReturn(kube, before, service))) continue;
    const next = asItWas ? decision.edit.generation : undefined;
    const options = { next, command, run: service.run };
    const workload = await lookUpWorkload(kube, { ...service, workload: service.name });
    assertSettled(claimArgument(before), before, workload, options);
  }
}

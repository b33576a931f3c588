import { claimArgument } from "../../model/config-path";
import { assertReachable, type Kube } from "../../kube/client";
import type { Progress } from "../../local-cluster/progress";
import type { ClaimPlan } from "../../model/storage";
import { UserError } from "../../model/user-error";
import { pointsFirst } from "../backup/points-first";
import { devStack } from "../pulumi/project";
import { assertAllSettled, jobsOf, type MoveBatch, planBatch, readStack, type StackState } from "./batch";
import { carryOutMoves } from "./carry-out";
import { nodeIn } from "./decide";
import { applyCommand, type DeploymentOptions, findDeployment } from "./deployment";
import { drained, inDirectories, moved, notesOn, questionOn } from "./describe";
import { planDrain } from "./drain";
import { estimate } from "./estimate";
import { selectClaims } from "./find";
import { assertOnlyMoving, type Left, leftOnNode } from "./left-on-node";
import { type DrainRequest, isDrain, type MoveRequest } from "./request";
import { readTaken, type TakenOf } from "./taken";
import { assertTargetNode, nodeOf } from "./target-node";

/**
 * Moves a list of claims with one edit of the stack file, one question and one update. The list is one claim, the
 * claims of a service that share a pod, or the claims on a node that is to be drained.
 */
export async function moveClaims(
  request: MoveRequest,
  options: DeploymentOptions & { yes?: boolean; noPoint?: boolean },
  progress: Progress,
): Promise<void> {
  const stack = await readStack(options.stack ?? devStack);
  // A request that the stack file rules out is refused before a cluster is started or asked.
  if (!isDrain(request)) batchOf(request, stack);
  const deployment = await findDeployment(options, progress);
  const kube = deployment.target.connect();
  await assertReachable(kube);
  const takenOf = await readTaken(kube);
  const batch = isDrain(request) ? await drainBatch(kube, request, stack, takenOf) : batchOf(request, stack, takenOf);
  const command = applyCommand(deployment, options.context);
  if (isDrain(request)) {
    const moving = new Set((batch?.moves ?? []).map(({ before }) => `${before.namespace}/${before.name}`));
    const left = await leftOnNode(kube, request.off, stack.planned.plan);
    assertOnlyMoving(request.off, left, moving, command);
    if (!batch) return say(nothingOn(request.off, stack, left));
  }
  if (!batch) return;
  const moving = new Set(batch.moves.map(({ after }) => after.service));
  const services = stack.planned.plan.services.filter(({ name }) => moving.has(name));
  await assertTargetNode(kube, nodeIn(batch.change), services);
  const located = await locate(kube, batch, isDrain(request) ? request.off : undefined);
  assertLeads(located);
  await assertAllSettled(kube, batch, stack.planned, command);
  const copied = jobsOf(located).length > 0 ? services.map(({ name }) => name) : [];
  const points = await pointsFirst(kube, deployment.target.stack, copied, { ...options, what: "the move" });
  const texts = {
    notes: [...notesOn(located), ...(await estimateOf(kube, located, stack)), ...points.notes],
    question: questionOn(located),
    first: () => points.take(say),
  };
  await carryOutMoves(deployment, located, texts, options, progress);
  if (!isDrain(request)) return say(moved(located));
  const left = await leftOnNode(kube, request.off, stack.planned.plan);
  assertOnlyMoving(request.off, left, new Set(), command);
  say(drained(request.off, batch.change, left));
}

const say = (line: string) => void process.stdout.write(`${line}\n`);

function batchOf(
  { operand, change }: Exclude<MoveRequest, { off: string }>,
  stack: StackState,
  takenOf?: TakenOf,
): MoveBatch {
  return planBatch(stack, selectClaims(operand, stack.planned.plan, stack.places, change), change, takenOf);
}

async function drainBatch(
  kube: Kube,
  request: DrainRequest,
  stack: StackState,
  takenOf: TakenOf,
): Promise<MoveBatch | undefined> {
  const drain = await planDrain(kube, request, stack);
  return drain && planBatch(stack, drain.claims, drain.change, takenOf);
}

const nothingOn = (off: string, { owner }: StackState, left: Left) =>
  `no service of stack "${owner.stack}" has a volume that only ${off} reaches: there is nothing to ` +
  `move${inDirectories(off, left)}`;

/**
 * The batch, with the node that each volume is on now. In a drain that node is `off`; otherwise the cluster is asked.
 */
async function locate(kube: Kube, batch: MoveBatch, off: string | undefined): Promise<MoveBatch> {
  const moves = batch.moves.map(async (move) => {
    const { before, after } = move;
    // Nodes play no part in a move where the file names no node for the claim.
    const asked = off !== undefined || (before.node ?? after.node) !== undefined;
    const node = asked ? (off ?? (await nodeOf(kube, before))) : undefined;
    return { ...move, before: { ...before, node: node ?? before.node } };
  });
  return { ...batch, moves: await Promise.all(moves) };
}

/** Throws a UserError where each volume already has the requested node, place and size. */
function assertLeads({ change, moves }: MoveBatch): void {
  const node = nodeIn(change);
  if (
    node === undefined ||
    !moves.every(({ before, after, decision }) => decision.kind === "move" && same(before, after))
  )
    return;
  const names = moves.map(({ before }) => claimArgument(before)).join(", ");
  const sizes = [...new Set(moves.map(({ before }) => before.size))].join(", ");
  throw new UserError(
    `${names} ${moves.length > 1 ? "are" : "is"} on node ${node} already, with ${sizes}: there is nothing to move`,
  );
}

const same = (before: ClaimPlan, after: ClaimPlan) =>
  before.node === after.node &&
  before.backend === after.backend &&
  before.className === after.className &&
  before.size === after.size;

/** How much one claim's move will copy, and for about how long. A batch of several has no such line. */
async function estimateOf(kube: Kube, { moves }: MoveBatch, { planned }: StackState): Promise<string[]> {
  const [only, another] = moves;
  if (!only?.after.move || another) return [];
  const service = planned.plan.services.find(({ name }) => name === only.before.service)!;
  const line = await estimate(kube, service, only.before, only.after.move.across);
  return line === undefined ? [] : [line];
}

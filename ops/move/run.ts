import { backendTypes } from "../../backends/catalogue";
import type { Progress } from "../../local-cluster/progress";
import type { ClaimPlan } from "../../model/storage";
import { UserError } from "../../model/user-error";
import { assertReachable } from "../../kube/client";
import { devStack, projectName, readStackConfig } from "../pulumi/project";
import { planOf } from "../pulumi/stack-plan";
import { carryOutMoves, type Proposal } from "./carry-out";
import { decideMove, nodeIn, type ClaimChange } from "./decide";
import { applyCommand, type DeploymentOptions, findDeployment } from "./deployment";
import { notesOn, questionOn } from "./describe";
import { editMap, readMap } from "./edit";
import { estimate } from "./estimate";
import { argumentOf, entryPath, findClaim, findTogether } from "./find";
import { readClaimEntry } from "./claim-entry";
import { listPlaces } from "./places";
import { moveService } from "./service";
import { writeMoves } from "./several";
import { assertTargetNode, nodeOf } from "./target-node";
import { assertSettled, readWorkload } from "./workload";

export type MoveOptions = DeploymentOptions & { yes?: boolean };

/**
 * Moves one claim, or all of a service to another node: what can be refused by the stack's file alone is refused before
 * anything is started.
 */
export async function moveClaim(
  operand: string,
  request: ClaimChange,
  options: MoveOptions,
  progress: Progress,
): Promise<void> {
  const stack = options.stack ?? devStack;
  const owner = { project: await projectName(), stack };
  const before = await readStackConfig(stack);
  const planned = planOf(before, owner);
  const places = listPlaces(planned.config, backendTypes);
  const target = nodeIn(request);
  const together = findTogether(operand, planned.plan, places, request);
  if (together)
    return moveService(writeMoves(before, owner, planned, together, request), request, planned, options, progress);
  const claim = findClaim(operand, planned.plan);
  const name = argumentOf(claim);
  const path = entryPath(owner.project, claim.path);
  const decision = decideMove(name, readClaimEntry(readMap(before, path)), request, places);
  const after = editMap(before, path, decision.edit);
  const moved = findClaim(operand, planOf(after, owner).plan);

  const deployment = await findDeployment(options, progress);
  const kube = deployment.target.connect();
  await assertReachable(kube);
  await assertTargetNode(kube, target);
  // Where no line says a node, none has a part in the move.
  const here =
    (claim.node ?? moved.node) === undefined ? claim : { ...claim, node: (await nodeOf(kube, claim)) ?? claim.node };
  if (decision.kind === "move" && target !== undefined && sameBut(here, moved))
    throw new UserError(`${name} is on node ${target} already, with ${claim.size}: there is nothing to move`);
  const service = planned.plan.services.find((candidate) => candidate.name === claim.service)!;
  const next = decision.kind === "as-it-was" ? decision.edit.generation : undefined;
  assertSettled(name, claim, await readWorkload(kube, service), {
    next,
    command: applyCommand(deployment, options.context),
    run: service.run,
  });
  const holds = moved.move ? await estimate(kube, service, claim, moved.move.across) : undefined;
  const proposal: Proposal = {
    before,
    after,
    notes: [...notesOn(decision, here, moved), ...(holds === undefined ? [] : [holds])],
    question: questionOn(decision, name, moved),
    jobs: moved.move ? [{ namespace: claim.namespace, job: moved.move.job }] : [],
  };
  await carryOutMoves(deployment, proposal, options, progress);
  process.stdout.write(`${done(name, decision.kind)}\n`);
}

/** Whether a move would lead to where the volume is. */
const sameBut = (here: ClaimPlan, moved: ClaimPlan) =>
  here.node === moved.node &&
  here.backend === moved.backend &&
  here.className === moved.className &&
  here.size === moved.size;

function done(name: string, kind: string): string {
  if (kind === "grow") return `${name} has grown.`;
  const release = `npm run release -- ${name} gives up the volume that it left`;
  return kind === "move"
    ? `${name} has moved. npm run move -- ${name} --back returns; ${release}.`
    : `${name} is back. ${release}.`;
}

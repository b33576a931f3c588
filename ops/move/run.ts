import { backendTypes } from "../../backends/catalogue";
import type { Progress } from "../../cluster/progress";
import { assertReachable } from "../kube/client";
import { devStack, projectName, readStackConfig } from "../project";
import { planOf } from "../stackPlan";
import { carryOut, type Proposal } from "./carryOut";
import { decide, type Request } from "./decide";
import { applyCommand, type DeploymentOptions, findDeployment } from "./deployment";
import { notesOn, questionOn } from "./describe";
import { editMap, readMap } from "./edit";
import { estimate } from "./estimate";
import { argumentOf, entryPath, findClaim } from "./find";
import { readLines } from "./lines";
import { listPlaces } from "./places";
import { assertSettled, readWorkload } from "./workload";

export type MoveOptions = DeploymentOptions & { yes?: boolean };

/** Moves one claim: what can be refused by the stack's file alone is refused before anything is started. */
export async function moveClaim(operand: string, request: Request, options: MoveOptions, progress: Progress): Promise<void> {
  const stack = options.stack ?? devStack;
  const owner = { project: await projectName(), stack };
  const before = await readStackConfig(stack);
  const planned = planOf(before, owner);
  const claim = findClaim(operand, planned.plan);
  const name = argumentOf(claim);
  const path = entryPath(owner.project, claim.path);
  const decision = decide(name, readLines(readMap(before, path)), request, listPlaces(planned.config, backendTypes));
  const after = editMap(before, path, decision.edit);
  const moved = findClaim(operand, planOf(after, owner).plan);

  const deployment = await findDeployment(options, progress);
  const kube = deployment.target.connect();
  await assertReachable(kube);
  const service = planned.plan.services.find((candidate) => candidate.name === claim.service)!;
  const next = decision.kind === "as-it-was" ? decision.edit.generation : undefined;
  assertSettled(name, claim, await readWorkload(kube, service), { next, command: applyCommand(deployment, options.context), run: service.run });
  const holds = moved.move ? await estimate(kube, service, claim) : undefined;
  const proposal: Proposal = {
    before,
    after,
    notes: [...notesOn(decision, claim, moved), ...(holds === undefined ? [] : [holds])],
    question: questionOn(decision, name, moved),
    jobs: moved.move ? [{ namespace: claim.namespace, job: moved.move.job }] : [],
  };
  await carryOut(deployment, proposal, options, progress);
  process.stdout.write(`${done(name, decision.kind)}\n`);
}

function done(name: string, kind: string): string {
  if (kind === "grow") return `${name} has grown.`;
  const release = `npm run release -- ${name} gives up the volume that it left`;
  return kind === "move" ? `${name} has moved. npm run move -- ${name} --back returns; ${release}.` : `${name} is back. ${release}.`;
}

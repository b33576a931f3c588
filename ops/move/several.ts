import { backendTypes } from "../../backends/catalogue";
import type { Progress } from "../../local-cluster/progress";
import type { ClaimPlan } from "../../model/storage";
import type { Owner } from "../../model/plan";
import { UserError } from "../../model/user-error";
import type { Kube } from "../../kube/client";
import { planOf, type StackPlan } from "../pulumi/stack-plan";
import { carryOutMoves } from "./carry-out";
import { decideMove, type ClaimChange } from "./decide";
import { applyCommand, type Deployment } from "./deployment";
import { editMap, readMap } from "./edit";
import type { JobRef } from "./follow";
import { argumentOf, entryPath } from "./find";
import { readClaimEntry } from "./claim-entry";
import { listPlaces } from "./places";
import type { MoveOptions } from "./run";
import { assertSettled, readWorkload } from "./workload";

/** Several claims of a stack that go the same way, by one change of its file. */
export interface Moves {
  claims: readonly ClaimPlan[];
  before: string;
  after: string;
  jobs: JobRef[];
  /** Services of which several volumes go to another node. */
  together: string[];
  /** By claim, the generation in use afterwards. */
  next: Map<ClaimPlan, unknown>;
}

/** The file's text with all their lines. Throws a UserError for the first that can't go there. */
export function writeMoves(
  before: string,
  owner: Owner,
  { config }: StackPlan,
  claims: readonly ClaimPlan[],
  request: ClaimChange,
): Moves {
  const places = listPlaces(config, backendTypes);
  const next = new Map<ClaimPlan, unknown>();
  const after = claims.reduce((text, claim) => {
    const path = entryPath(owner.project, claim.path);
    const { edit } = decideMove(argumentOf(claim), readClaimEntry(readMap(text, path)), request, places);
    next.set(claim, edit.generation);
    return editMap(text, path, edit);
  }, before);
  const planned = planOf(after, owner).plan.services.flatMap((service) => service.claims);
  const moved = claims.flatMap(({ path }) => planned.filter((claim) => claim.path === path));
  const jobs = moved.flatMap(({ move, namespace }) => (move ? [{ namespace, job: move.job }] : []));
  const across = moved.filter(({ move }) => move?.across).map(({ service }) => service);
  const together = [...new Set(across)].filter((name) => across.indexOf(name) < across.lastIndexOf(name));
  return { claims, before, after, jobs, together, next };
}

/** One plan and one question for all of them. `to`: where they go, as the question has it. */
export async function moveAll(
  { claims, before, after, jobs, together }: Moves,
  to: string,
  notes: readonly string[],
  deployment: Deployment,
  options: MoveOptions,
  progress: Progress,
): Promise<void> {
  const all = [
    ...(jobs.length > 0 ? ["Each service is down while its data is copied and checked."] : []),
    ...together.map(atOnce),
    ...notes,
  ];
  await carryOutMoves(
    deployment,
    { before, after, jobs, notes: all, question: `Move ${claims.map(argumentOf).join(", ")} to ${to}?` },
    options,
    progress,
  );
}

/** Its pod starts only where all of its volumes are. */
const atOnce = (service: string) =>
  `The volumes of ${service} are copied one after the other, and it goes over to all of them at once.`;

/**
 * Throws a UserError where one of them has no workload to stop and start, or an earlier move isn't at its end. `next`:
 * a return as it was gives that up.
 */
export async function assertAllSettled(
  kube: Kube,
  claims: readonly ClaimPlan[],
  { plan }: StackPlan,
  deployment: Deployment,
  options: MoveOptions,
  next?: ReadonlyMap<ClaimPlan, unknown>,
): Promise<void> {
  for (const claim of claims) {
    const service = plan.services.find(({ name }) => name === claim.service);
    if (!service) throw new UserError(`${argumentOf(claim)} has no service`);
    assertSettled(argumentOf(claim), claim, await readWorkload(kube, service), {
      next: next?.get(claim),
      command: applyCommand(deployment, options.context),
      run: service.run,
    });
  }
}

import type { WorkloadFacts } from "../../model/facts";
import type { ClaimPlan, VolumePlan } from "../../model/storage";
import { UserError } from "../../model/user-error";

/** The volume of a claim that a workload uses now; undefined where the config has no such volume. */
export function inUse(claim: ClaimPlan, { claims }: WorkloadFacts): VolumePlan | undefined {
  const volumes: VolumePlan[] = [claim, ...claim.kept];
  // A workload that uses none of the claims can only be on the volume that has no claim.
  return (
    volumes.find(({ name, ephemeral }) => !ephemeral && claims.has(name)) ?? volumes.find(({ ephemeral }) => ephemeral)
  );
}

/**
 * Throws a UserError where there is no workload, or where the claim's last move isn't finished: the file names one
 * volume, and the service uses another. `run`: whether the config lets the service run. `next`: the generation that
 * a return without a copy leads to. A return to the generation that is still in use is allowed, because it gives
 * the move up.
 */
export function assertSettled(
  name: string,
  claim: ClaimPlan,
  fact: WorkloadFacts | undefined,
  { next, command, run = true }: { next?: unknown; command: string; run?: boolean },
): void {
  if (!fact) {
    const first = run
      ? `deploy it first (${command})`
      : `its config has run: false, so set run: true and deploy that first (${command})`;
    throw new UserError(`${name} has no workload in the cluster that a move could stop and start; ${first}`);
  }
  const used = inUse(claim, fact);
  if (
    used === undefined ||
    (used.generation === claim.generation && fact.moving === undefined) ||
    used.generation === next
  )
    return;
  const state =
    fact.moving === undefined
      ? `the config names ${claim.name}, and the service is on ${used.name}`
      : `job ${fact.moving} is under way, and the service is on ${used.name}`;
  throw new UserError(
    `the last move of ${name} isn't finished (${state}); ${command} continues it, and npm run move ` +
      `-- ${name} --back --as-it-was gives it up`,
  );
}

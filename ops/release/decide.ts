import type { ClaimFacts, VolumeFacts, WorkloadFacts } from "../../model/facts";
import { stackAnnotation } from "../../model/metadata";
import { renamedWay } from "../../model/recover-command";
import type { ClaimPlan, VolumePlan } from "../../model/storage";
import { UserError } from "../../model/user-error";
import { movedOf, movedToOf, type Moved } from "../move/annotations";
import { inUse } from "../move/workload";

/** What the cluster has of a volume that is to be released, and of its service. */
export interface ReleaseFacts {
  /**
   * The kept volume's claim; undefined if it never existed, or if an earlier release that was killed has deleted it.
   */
  claim?: ClaimFacts;
  /** The claim's PersistentVolume. If the claim is gone: the volume that it left and that is being deleted. */
  volume?: VolumeFacts;
  /** Pods that have the claim mounted or wait for it. */
  pods: string[];
  /** Undefined if the cluster has no such workload. */
  workload?: WorkloadFacts;
  /** The claim in use. */
  current?: ClaimFacts;
}

/** Where the data was copied to, and when the copy was checked; undefined if no record says that it was. */
export type Proof = { to: string; at: Date; copied?: Moved } | undefined;

/** The kept volume to release. Throws a UserError if there is none, or if it isn't clear which one is meant. */
export function chooseKept(name: string, claim: ClaimPlan, generation?: number): VolumePlan {
  const kept = [...claim.kept].sort((a, b) => a.generation - b.generation);
  const list = kept.map((volume) => `${volume.generation} (${volume.name})`).join(", ");
  if (generation === claim.generation)
    throw new UserError(
      `generation ${generation} of ${name} is in use, so it can't be released${list && `; kept: ${list}`}`,
    );
  const found = generation === undefined ? kept : kept.filter((volume) => volume.generation === generation);
  const [only, another] = found;
  if (only && !another) return only;
  if (kept.length === 0) throw new UserError(`${name} has no kept volume: there is nothing to release`);
  throw new UserError(
    generation === undefined
      ? `${name} has several kept volumes; choose one with --generation: ${list}`
      : `${name} keeps no generation ${generation}; kept: ${list}`,
  );
}

/**
 * Whether a kept volume may be released, and what proves that its data is elsewhere.
 * Throws a UserError with the reason if the service needs the volume or may still need it.
 */
export function decideRelease(
  name: string,
  claim: ClaimPlan,
  volume: VolumePlan,
  owner: string,
  facts: ReleaseFacts,
): Proof {
  const untouched = "nothing was deleted";
  const whose = facts.claim?.stack;
  if (facts.claim && whose !== owner)
    throw new UserError(
      `claim ${volume.name} doesn't have this stack's owner annotation (${stackAnnotation}: ${owner}); it has ` +
        `${whose ?? "none"}: ${untouched}${whose === undefined ? "" : renamedWay(owner, whose)}`,
    );
  if (facts.pods.length > 0) throw new UserError(`${volume.name} is in use by ${facts.pods.join(", ")}: ${untouched}`);
  const used = facts.workload && inUse(claim, facts.workload);
  if (used && used.generation !== claim.generation)
    throw new UserError(`the last move of ${name} isn't finished: the service is still on ${used.name}; ${untouched}`);
  if (facts.workload?.moving !== undefined)
    throw new UserError(`the move ${facts.workload.moving} of ${name} is under way: ${untouched}`);
  refuseUnsound(name, claim, facts);
  // The volume in use began empty, or it is an earlier volume as it was. A note on the kept volume says where the data
  // went at that time; it doesn't say that the data is there now.
  if (!claim.move) return undefined;
  // A restored volume has nothing of the one that the service has left.
  if (claim.move.restore) return undefined;
  if (claim.move.from.generation === volume.generation && !claim.ephemeral)
    return proofOfMove(name, claim, volume, facts);
  const left = movedToOf(facts.claim);
  return left && { to: left.to, at: left.at };
}

/** While the volume in use is about to go, the kept one may be the only copy that is left. */
function refuseUnsound(name: string, claim: ClaimPlan, { current }: ReleaseFacts): void {
  if (claim.ephemeral || (current && !current.deleting && current.phase !== "Lost")) return;
  const state = !current ? "is not in the cluster" : current.deleting ? "is being deleted" : "is Lost";
  throw new UserError(
    `claim ${claim.name}, which ${name} uses, ${state}, so the kept volume may be the only copy: nothing was ` +
      "deleted; npm run status says what helps",
  );
}

/** The volume in use was filled from this one. If no record says that the copy was checked, this volume stays. */
function proofOfMove(name: string, claim: ClaimPlan, volume: VolumePlan, { current }: ReleaseFacts): Proof {
  const copied = movedOf(current);
  const from = volume.ephemeral ? "emptyDir" : volume.name;
  if (copied?.from === from) return { to: claim.name, at: copied.at, copied };
  throw new UserError(
    `no record says that the data of ${volume.name} was copied to ${claim.name} and checked, so ${name} may ` +
      "still need it: nothing was deleted",
  );
}

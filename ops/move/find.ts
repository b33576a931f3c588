import { claimArgument, claimKeys } from "../../model/config-path";
import type { ClaimPlan } from "../../model/storage";
import type { StoragePlan } from "../../model/plan";
import { UserError } from "../../model/user-error";
import { didYouMean } from "../../model/nearest";
import type { ClaimChange } from "./decide";
import { type Place, placeOf } from "./places";

/** The path of a claim's entry in a stack file. */
export function entryPath(project: string, claim: ClaimPlan): string[] {
  const [section, ...rest] = claimKeys(claim);
  return ["config", `${project}:${section}`, ...rest];
}

/**
 * The claims that SERVICE or SERVICE/CLAIM means: one claim, or the claims of a service that go together to another
 * node or back. Throws a UserError where no claim is meant, or where it isn't clear which.
 */
export function selectClaims(
  operand: string,
  plan: Pick<StoragePlan, "services" | "owner">,
  places: readonly Place[],
  change: ClaimChange,
): ClaimPlan[] {
  return findTogether(operand, plan, places, change) ?? [findClaim(operand, plan)];
}

/**
 * The claims of a service that go together to another node or back, because one pod mounts all of them. Undefined where
 * SERVICE means one claim, where no claim has to go, and for any other change.
 */
export function findTogether(
  operand: string,
  { services }: Pick<StoragePlan, "services">,
  places: readonly Place[],
  change: ClaimChange,
): ClaimPlan[] | undefined {
  const { claims = [] } = services.find(({ name }) => name === operand) ?? {};
  const going = claims.filter((claim) => {
    if (change.kind === "back") return claim.move?.across && !claim.move.replace;
    const place = placeOf({ backend: claim.backend, class: claim.className }, places);
    return (
      "node" in change && claim.node !== change.node && place?.followsNode && !place.ephemeral && place.class !== ""
    );
  });
  return claims.length > 1 && going.length > 0 ? going : undefined;
}

/**
 * The claim that SERVICE or SERVICE/CLAIM means. CLAIM is the claim's key or its name. Throws a UserError for
 * any other operand.
 */
export function findClaim(operand: string, { services, owner }: Pick<StoragePlan, "services" | "owner">): ClaimPlan {
  const [name = "", claim] = operand.split("/");
  const service = services.find((candidate) => candidate.name === name);
  if (!service)
    throw new UserError(
      `no service "${name}" in stack "${owner.stack}"${
        didYouMean(
          name,
          services.map((known) => known.name),
        ) ||
        `; it has: ${services
          .map((known) => known.name)
          .sort()
          .join(", ")}`
      }`,
    );
  const [only, ...others] = service.claims;
  if (!only) throw new UserError(`${name} has no volume`);
  const names = service.claims.map(claimArgument);
  if (claim === undefined) {
    if (others.length > 0) throw new UserError(`${name} has several volumes; choose one: ${names.join(", ")}`);
    return only;
  }
  const found = service.claims.find((candidate) =>
    [candidate.claimKey, candidate.name, candidate.volume].includes(claim),
  );
  if (found) return found;
  throw new UserError(
    `${name} has no volume "${claim}"${
      didYouMean(
        claim,
        service.claims.map((known) => known.claimKey ?? known.name),
      ) || `; it has: ${names.join(", ")}`
    }`,
  );
}

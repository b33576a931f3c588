import type { ServiceSpec } from "../model/service-spec";
import type { ClaimPlan } from "../model/storage";

/** A claim whose data has to be taken from a running pod says how: the service's own way. */
export function withExportRecipe(claim: ClaimPlan, { exportRecipe }: ServiceSpec): ClaimPlan {
  if (claim.move?.kind !== "fill") return claim;
  return { ...claim, move: { ...claim.move, exportRecipe: exportRecipe?.(claim.mounts) } };
}

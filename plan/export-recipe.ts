import type { ServiceSpec } from "../model/service-spec";
import type { ClaimPlan } from "../model/storage";

/** Adds the service's export recipe to a claim whose data has to be taken out of a running pod. */
export function withExportRecipe(claim: ClaimPlan, { exportRecipe }: ServiceSpec): ClaimPlan {
  if (claim.move?.kind !== "fill") return claim;
  return { ...claim, move: { ...claim.move, exportRecipe: exportRecipe?.(claim.mounts) } };
}

import type { Kube } from "../../kube/client";
import { lookUpClaim, lookUpWorkload } from "../../kube/look-up";
import { claimArgument } from "../../model/config-path";
import { copyingAnnotation } from "../../model/metadata";
import type { ServicePlan } from "../../model/plan";
import type { ClaimPlan } from "../../model/storage";
import { UserError } from "../../model/user-error";
import { inUse } from "./workload";

/**
 * Whether the file describes a return whose copy was never begun: the earlier volume is whole, and the service still
 * runs on the newer one. False where there is no workload. Throws a UserError where the return is finished already, or
 * where its copy has begun, so that the earlier volume may hold a part of it.
 */
export async function givesUpReturn(
  kube: Kube,
  claim: ClaimPlan,
  service: Pick<ServicePlan, "kind" | "name" | "namespace">,
): Promise<boolean> {
  const [workload, volume] = await Promise.all([
    lookUpWorkload(kube, { ...service, workload: service.name }),
    lookUpClaim(kube, claim.namespace, claim.name),
  ]);
  const used = workload && inUse(claim, workload);
  const name = claimArgument(claim);
  if (used?.generation === claim.generation && workload?.moving === undefined)
    throw new UserError(`${name} has returned to ${claim.name} already, and the service runs there`);
  if (volume?.annotations[copyingAnnotation] !== undefined || workload?.moving !== undefined)
    throw new UserError(
      `the copy back to ${claim.name} has begun, so what it holds may be neither the old data nor the new; nothing ` +
        `was changed. The same update finishes the copy; the service's data is on ${used?.name ?? "its other volume"}`,
    );
  return used !== undefined;
}

import { claimArgument, volumePath } from "../model/config-path";
import type { StackConfig } from "../model/config";
import type { Fault } from "../model/plan";
import { shortPoint } from "../model/restore";
import type { ServiceSpec } from "../model/service-spec";
import type { ClaimPlan } from "../model/storage";

/** Adds to a claim that is restored the keys without which its data can't be read. */
export function withKeys(claim: ClaimPlan, { secrets = [] }: Pick<ServiceSpec, "secrets">): ClaimPlan {
  const { move } = claim;
  if (!move?.restore) return claim;
  const keys = secrets.flatMap(({ key, boundToData, unchangeable }) =>
    boundToData && unchangeable !== undefined ? [key] : [],
  );
  return { ...claim, move: { ...move, restore: { ...move.restore, keys } } };
}

/** Refuses restores of a service's claims that can't be carried out. */
export function checkRestores(
  claims: readonly ClaimPlan[],
  { backupsNamed }: Pick<StackConfig, "backupsNamed">,
): Fault[] {
  const restored = claims.flatMap((claim) => (claim.move?.restore ? [{ claim, move: claim.move }] : []));
  const [first] = restored;
  return restored.flatMap(({ claim, move }): Fault[] => {
    const at = (message: string): Fault[] => [{ path: volumePath(claim, "from"), message }];
    if (!backupsNamed)
      return at("names a point, and the stack has no repository; say in cluster-storage:backups where it is");
    if (claim.ephemeral)
      return at("names a point, and the volume in use is a pod's own directory; bring the point to a claim");
    if (move.from.ephemeral)
      return at(
        "names a point, and the data that the service has now is in its pod's own directory, which goes with the " +
          `pod; take it to a claim first: npm run move -- ${claimArgument(claim)} --to BACKEND`,
      );
    const { point } = move.restore!;
    const { restore } = first!.move;
    return point === restore!.point
      ? []
      : at(
          `names point ${shortPoint(point)}, and ${claimArgument(first!.claim)} point ${shortPoint(restore!.point)}; ` +
            "one pod has both volumes, so both are of one point",
        );
  });
}

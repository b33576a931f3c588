import { listClaims, listVolumes } from "../../kube/look-up";
import type { Kube } from "../../kube/client";
import { newestGood, type ListedPoint } from "../../model/backup";
import type { ClusterFacts } from "../../model/facts";
import { ownerName } from "../../model/metadata";
import type { ServicePlan, StoragePlan } from "../../model/plan";
import { newestPoint } from "../../model/restore";
import type { ClaimPlan } from "../../model/storage";
import { UserError } from "../../model/user-error";
import { withFills } from "../../plan/fills";

/** The services that have volumes which the cluster doesn't have, in the order in which they start. */
export interface Absent {
  /** The next update fills their volumes from the newest points. */
  filled: ServicePlan[];
  /** The next update begins with empty ones, because the config says so. */
  fresh: ServicePlan[];
  /** They have no backups, or a volume that waits for its claim, or they have other volumes already. */
  others: ServicePlan[];
}

export async function findAbsent(kube: Pick<Kube, "core">, plan: StoragePlan): Promise<Absent> {
  const [claims, volumes] = await Promise.all([listClaims(kube), listVolumes(kube)]);
  return sortAbsent(plan, { claims, volumes });
}

/** What `findAbsent` makes of what the cluster has. */
export function sortAbsent(plan: StoragePlan, found: Pick<ClusterFacts, "claims" | "volumes">): Absent {
  const isThere = ({ namespace, name }: ClaimPlan) =>
    found.claims.some((claim) => claim.namespace === namespace && claim.name === name);
  const { services } = withFills(plan, { classes: [], ...found });
  const filled = services.filter(({ claims }) =>
    claims.some(({ move }) => move?.restore?.point === newestPoint && !move.restore.done),
  );
  const rest = services.filter(
    (service) => !filled.includes(service) && service.claims.some((claim) => !claim.ephemeral && !isThere(claim)),
  );
  const isFresh = ({ begins, claims }: ServicePlan) => begins?.fresh === true && !claims.some(isThere);
  return { filled, fresh: rest.filter(isFresh), others: rest.filter((service) => !isFresh(service)) };
}

/** A service with the point that it is filled from. */
export interface Filling {
  service: ServicePlan;
  point: ListedPoint;
}

/** The newest point of each. Throws a UserError with those that have none, and the line that lets them begin empty. */
export function pointsToFill(
  { owner, backups }: Pick<StoragePlan, "owner" | "backups">,
  services: readonly ServicePlan[],
  points: readonly ListedPoint[],
): Filling[] {
  const stack = ownerName(owner);
  const found = services.map((service) => ({
    service,
    point: newestGood(points.filter((point) => point.stack === stack && point.service === service.name)),
  }));
  const without = found.flatMap(({ service, point }) => (point ? [] : [service.name]));
  if (without.length > 0) {
    const others = [...new Set(points.map((point) => `${point.stack}/${point.service}`))].sort().join(", ");
    throw new UserError(
      `the repository at ${backups?.address} has no point of ` +
        `${without.map((name) => `${stack}/${name}`).join(", ")}; it has points of ${others || "nothing"}. If that ` +
        "is another repository than meant: correct cluster-storage:backups.repository. What is new, and has nothing " +
        `to bring back, may begin empty: fresh: true in the entry of ${without.join(" and ")}. No service was started`,
    );
  }
  return found.flatMap(({ service, point }) => (point ? [{ service, point }] : []));
}

/**
 * Throws a UserError where services would begin empty by the config although there are points of them: the line was
 * left in the file from their first day.
 */
export function checkFresh(
  { owner, backups }: Pick<StoragePlan, "owner" | "backups">,
  fresh: readonly ServicePlan[],
  points: readonly ListedPoint[],
): void {
  const stack = ownerName(owner);
  const names = fresh
    .map(({ name }) => name)
    .filter((name) => points.some((point) => point.stack === stack && point.service === name));
  if (names.length === 0) return;
  const list = names.join(" and ");
  throw new UserError(
    `fresh: true lets ${list} begin empty, and the repository at ${backups?.address} has points of ${list}; take it ` +
      `out of the entry of ${list} (or out of cluster-storage:backups), then run the same command again. To begin ` +
      "empty in spite of them: pulumi up. No service was started",
  );
}

import { backedUpAnnotation, backupName, type BackedUp } from "../model/backup";
import type { ClaimFacts, ClusterFacts } from "../model/facts";
import type { ServicePlan, StoragePlan } from "../model/plan";
import { notArrived, readNote } from "./arrival";
import { finder } from "./guard-nodes";
import { versionChange } from "./guard-version";

/** A service whose point is taken before an update. */
export interface PointFirst {
  service: Pick<ServicePlan, "name" | "namespace" | "kind">;
  /** Its CronJob. */
  cronJob: { namespace: string; name: string };
  /** ISO time of its newest point, where its claims say one. */
  newest?: string;
}

/** What an update does to a service's data that can't simply be taken back. */
export interface Risk {
  service: string;
  /** Such as `its move redis-data-1-to-2`. */
  what: string;
  /** The service, and of a version that changes the server with its database, as far as they have backups. */
  points: PointFirst[];
}

/**
 * The moves and changes of an engine's version that an update would begin, of services with a backup. A restore is
 * none: the service may be restored because there is nothing that a point could be taken of.
 */
export function risksOf(plan: StoragePlan, facts: Pick<ClusterFacts, "claims" | "runs">): Risk[] {
  if (plan.adopting) return [];
  return plan.services.flatMap((service) => {
    const [moves, changes] = [movesOf(service, facts), versionChange(service, facts)];
    // A newer program changes its tables, and no older one reads them then.
    const server = changes.length > 0 ? plan.services.filter(({ name }) => name === service.database?.service) : [];
    const points = [service, ...server].flatMap((each) => pointOf(each, facts));
    const what = [...moves, ...changes].join(" and ");
    return what === "" || points.length === 0 ? [] : [{ service: service.name, what, points }];
  });
}

function pointOf({ name, namespace, kind, claims, backup }: ServicePlan, facts: Pick<ClusterFacts, "claims">) {
  if (!backup) return [];
  const found = finder(facts.claims);
  // A volume that moves has its notes on the claim that it leaves.
  const notes = claims.map((claim) => {
    const there = [found(claim), ...(claim.move ? [found(claim.move.from)] : [])];
    return there
      .flatMap((each) => pointedAt(each) ?? [])
      .sort()
      .at(-1);
  });
  const [oldest] = notes.some((at) => at === undefined) ? [] : notes.sort();
  const point: PointFirst = {
    service: { name, namespace, kind },
    cronJob: { namespace: backup.task.home, name: backupName(name) },
    ...(oldest !== undefined && { newest: oldest }),
  };
  return [point];
}

function pointedAt(claim: ClaimFacts | undefined): string | undefined {
  const at: unknown = readNote<BackedUp>(claim?.annotations, backedUpAnnotation)?.at;
  return typeof at === "string" ? at : undefined;
}

function movesOf({ claims }: ServicePlan, facts: Pick<ClusterFacts, "claims">): string[] {
  const found = finder(facts.claims);
  return claims.flatMap((claim) => {
    const { move } = claim;
    if (!move || move.restore) return [];
    const [target, source] = [found(claim), found(move.from)];
    // Where neither is there, there is no data yet.
    if (!move.from.ephemeral && !source) return [];
    return notArrived(claim, move, target?.annotations, source?.annotations) === undefined
      ? []
      : [`its move ${move.job}`];
  });
}

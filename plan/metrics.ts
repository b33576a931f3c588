import type { BackupsConfig } from "../model/backups";
import type { MetricsPlan } from "../model/metrics";
import type { ServicePlan } from "../model/plan";
import { claimsOf } from "./backup-rights";

/** What is told of the backups as metrics; undefined where nobody asks for them. */
export function planMetrics(
  { metrics }: Pick<BackupsConfig, "metrics">,
  services: readonly ServicePlan[],
): MetricsPlan | undefined {
  if (!metrics) return undefined;
  const measured = services.flatMap(({ name, namespace, backup }) =>
    backup ? [{ service: name, namespace, schedule: backup.schedule, claims: claimsOf(backup.task) }] : [],
  );
  return { from: metrics.namespace, task: { services: measured } };
}

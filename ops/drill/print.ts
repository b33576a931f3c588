import { shortPoint } from "../../model/restore";
import { formatAge } from "../terminal/age";
import { renderTable } from "../terminal/table";
import type { DrillResult } from "./judge";

/** What the drills came to, a row for each service, and below it why some proved nothing. */
export function drillTable(results: readonly DrillResult[], now: Date): string {
  const rows = results.map(({ service, point, ok, seconds, read }) => [
    service,
    point ? shortPoint(point.id) : "–",
    point ? formatAge(new Date(point.at), now) : "–",
    ok ? "ok" : "FAILED",
    seconds.toFixed(1),
    read ?? "nothing",
  ]);
  const failures = results.flatMap(({ service, error }) => (error === undefined ? [] : [`  ${service}: ${error}`]));
  const left = results.flatMap(({ service, left: what }) => (what === undefined ? [] : [`  ${service}: ${what}`]));
  return [renderTable(["SERVICE", "POINT", "AGE", "RESULT", "SECONDS", "READ"], rows), ...failures, ...left].join("\n");
}

/** The line that names the services whose backups are not proven; undefined where all are. */
export function failureLine(results: readonly DrillResult[]): string | undefined {
  const failed = results.filter(({ ok }) => !ok).map(({ service }) => service);
  return failed.length === 0
    ? undefined
    : `not proven that their backups can be restored: ${failed.join(", ")} (${failed.length} of ${results.length})`;
}

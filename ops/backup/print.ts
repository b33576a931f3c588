import { listedEnd, listedPrefix, type ListedPoint } from "../../model/backup";
import { formatBytes } from "../../model/quantity";
import { shortPoint } from "../../model/restore";
import { UserError } from "../../model/user-error";
import { formatAge, formatTime } from "../terminal/age";
import { renderTable } from "../terminal/table";
import type { BackedUpService, newestOf } from "./decide";

/** What is backed up when and where, and what the last run and the last drill of each came to. */
export function planTable(
  services: readonly { service: BackedUpService; newest: ReturnType<typeof newestOf>; unnoted?: string[] }[],
  now: Date,
): string {
  const rows = services.map(
    ({ service: [name, { claims, backup }], newest: { done, failed, drilled, drillFailed } }) => [
      name,
      claims.map((claim) => claim.name).join(", "),
      `${backup.schedule} UTC`,
      done ? `${formatAge(done.at, now)} ago, ${formatBytes(done.bytes)}` : "none yet",
      failed ? "failed" : done?.shrunkFrom ? "less than half" : done ? "ok" : "–",
      drillFailed ? "failed" : drilled ? `ok, ${formatAge(new Date(drilled.at), now)} ago` : "never",
    ],
  );
  const failures = services.flatMap(({ service: [name], newest: { failed, drillFailed }, unnoted = [] }) => [
    ...(failed ? [`  ${name}: ${failed.error} (${formatTime(failed.at)})`] : []),
    ...unnoted.map((line) => `  ${name}: ${line}`),
    ...(drillFailed
      ? [`  ${name}: its last drill failed: ${drillFailed.error} (${formatTime(new Date(drillFailed.at))})`]
      : []),
  ]);
  const table = renderTable(["SERVICE", "VOLUMES", "SCHEDULE", "NEWEST POINT", "LAST RUN", "LAST DRILL"], rows);
  return [table, ...failures].join("\n");
}

/** The points that a job has printed. Throws a UserError where not all of them have come. */
export function readListed(lines: readonly string[]): ListedPoint[] {
  const after = (prefix: string) =>
    lines.flatMap((line) => (line.startsWith(prefix) ? [line.slice(prefix.length)] : []));
  const points = after(listedPrefix).flatMap((text) => JSON.parse(text) as ListedPoint[]);
  const [inAll] = after(listedEnd);
  if (points.length === Number(inAll)) return points;
  throw new UserError(
    `the list of points came cut off: ${points.length} of ${inAll ?? "an unknown number"}; run the same command again`,
  );
}

/** Those of one stack (`project/stack`): a repository may have several stacks' points. */
export const pointsOf = (points: readonly ListedPoint[], stack: string) =>
  points.filter((point) => point.stack === stack);

/** The newest of them first. */
export const newestFirst = <P extends Pick<ListedPoint, "at">>(points: readonly P[]): P[] =>
  points.toSorted((a, b) => b.at.localeCompare(a.at));

/** The points of these services, the newest first. */
export function pointTable(points: readonly ListedPoint[], services: readonly string[]): string {
  const wanted = points.filter(({ service }) => services.includes(service));
  if (wanted.length === 0) return "no points yet: npm run backup makes one of each service";
  const rows = newestFirst(wanted).map(
    ({ service, id, at, generation, bytes, added, shrunk, incomplete, repaired }) => [
      service,
      shortPoint(id),
      formatTime(new Date(at)),
      generation,
      `${formatBytes(bytes)}${shrunk ? ", less than half" : ""}${incomplete || repaired ? ", incomplete" : ""}`,
      formatBytes(added),
    ],
  );
  return renderTable(["SERVICE", "POINT", "TIME", "GENERATION", "SIZE", "ADDED"], rows);
}

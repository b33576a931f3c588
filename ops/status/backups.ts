import type { Drilled } from "../../model/backup";
import { formatBytes } from "../../model/quantity";
import { newestOf } from "../backup/decide";
import { madeAt, unnoted } from "../backup/last-run";
import type { StackOutputs } from "../pulumi/outputs";
import { formatAge, formatTime } from "../terminal/age";
import type { ServiceFacts } from "./rows";

/**
 * The lines on the backups of each service that has them: its newest point, its last drill, and why there is no newer
 * one of either.
 */
export function backupsOf(
  services: StackOutputs["services"],
  facts: ReadonlyMap<string, ServiceFacts>,
  now: Date,
): string[] {
  const lines = Object.entries(services).flatMap(([name, { backup, claims }]) => {
    if (backup === undefined) return [];
    const { claims: known, backupRuns = { jobs: [], pods: [] } } = facts.get(name) ?? {};
    const own = claims.flatMap((claim) => known?.get(claim.name) ?? []);
    const { done, failed, drilled, drillFailed } = newestOf(own);
    const since = madeAt(own.flatMap(({ created }) => created ?? []));
    const more = unnoted(backup, { done, failed }, backupRuns, { since, now });
    const less = done?.shrunkFrom ? `, less than half of ${formatBytes(done.shrunkFrom.bytes)} before` : "";
    const point = done
      ? `${formatAge(done.at, now)} ago, ${formatBytes(done.bytes)}${less}`
      : `no point yet; npm run backup -- ${name} makes one`;
    const why = failed && `\n    its last run failed (${formatTime(failed.at)}): ${failed.error}`;
    const drill = done ? `; ${drillText(name, drilled, now)}` : "";
    const unproven =
      drillFailed && `\n    its last drill failed (${formatTime(new Date(drillFailed.at))}): ${drillFailed.error}`;
    return [`  ${name}: ${point}${drill}${why ?? ""}${more.map((line) => `\n    ${line}`).join("")}${unproven ?? ""}`];
  });
  return lines.length === 0 ? [] : ["newest backups:", ...lines];
}

/** What the last drill that proved a point came to. */
const drillText = (name: string, drilled: Drilled | undefined, now: Date) =>
  drilled
    ? `drilled ${formatAge(new Date(drilled.at), now)} ago, in ${drilled.seconds} s`
    : `never proven by a drill; npm run drill -- ${name} does that`;

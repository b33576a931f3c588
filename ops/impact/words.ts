import { count, formatBytes } from "../../model/quantity";
import type { CleanupImpact, GuardedImpact, Impact, MoveImpact, VolumeImpact, WorkloadImpact } from "./types";

/** The report's sentences, which are the same in a terminal and in a comment. */

/** The line with the result. */
export function headline({ stack, result, volumes, refusals, guarded }: Impact): string {
  if (result === "refused")
    return `stack "${stack}": the cluster can't carry the change, so it is refused; no data is lost`;
  if (result === "safe") return `stack "${stack}": no data is lost or left unprotected`;
  const lost = [
    ...volumes.filter(({ atRisk }) => atRisk).map(({ volume, fate }) => `${volume} ${fate}`),
    ...guarded.map(({ resource, fate }) => `${resource} ${fate}`),
  ];
  const refused = refusals.length > 0 ? "; the change is refused" : "";
  return `stack "${stack}": DATA AT RISK${lost.length > 0 ? `: ${lost.join(", ")}` : ""}${refused}`;
}

/** `1Gi`, or `1Gi → 2Gi` if the size changes. */
export const sizeOf = ({ size, before }: VolumeImpact) => arrow(before?.size, size);

export const classOf = ({ class: name, before }: VolumeImpact) =>
  arrow(before?.class === undefined ? undefined : className(before.class), className(name));

const className = (name: string | null) => (name === "" ? "(static)" : (name ?? "(default)"));

const arrow = (before: string | undefined, now: string) =>
  before === undefined || before === now ? now : `${before} → ${now}`;

/** Where a moved volume's data comes from and what a clean-up takes, followed by the volume's other notes. */
export const notesOf = ({ move, cleanup, notes }: VolumeImpact) =>
  [...(move ? [moveNote(move)] : []), ...(cleanup ? [cleanupNote(cleanup)] : []), ...notes].join("; ");

function moveNote(move: MoveImpact): string {
  const amount = move.atMost ? `, at most ${move.atMost}` : "";
  return `from ${move.from}${route(move)}${amount}; down ${move.downtime ?? "while it is copied"}`;
}

function cleanupNote({ olderThanDays, before, schedule, found }: CleanupImpact): string {
  const was = before === undefined ? "from now on" : `instead of ${before}`;
  const rule = `old files go from it after ${count(olderThanDays, "day")} ${was} (at ${schedule})`;
  if (found === undefined || typeof found === "string")
    return `${rule}: how many would go was not counted${found === undefined ? "" : `, because ${found}`}`;
  return (
    `${rule}: now ${found.oldFiles} of ${count(found.files, "file")} would go, ` +
    `${formatBytes(found.oldBytes)} of ${formatBytes(found.bytes)}`
  );
}

/** `, over the network from node a to node b`. */
function route({ across }: MoveImpact): string {
  if (!across) return "";
  const { from, to } = across;
  const ends = [...(from === undefined ? [] : [` from node ${from}`]), ...(to === undefined ? [] : [` to node ${to}`])];
  return `, over the network${ends.join("")}`;
}

export const guardedLine = ({ resource, fate }: GuardedImpact) =>
  `${resource} ${fate === "unprotected" ? "is left unprotected" : `is ${fate}`}`;

export function workloadLine({ workload, change, because }: WorkloadImpact): string {
  const done = change === "replaced" ? "is replaced" : change === "scaled" ? "is scaled" : change;
  return `${workload} ${done}${because.length > 0 ? ` (${because.join(", ")})` : ""}`;
}

/** `2 created (Job, Service); 60 unchanged`. */
export function countsLine({ complete, rest, unchanged }: Impact): string {
  if (!complete) return "not planned, because the change is refused";
  const parts = Object.entries(rest).map(([what, kinds]) => {
    const total = Object.values(kinds).reduce((sum, count) => sum + count, 0);
    const names = Object.entries(kinds)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([kind, count]) => (count === 1 ? kind : `${count} ${kind}`));
    return `${total} ${what} (${names.join(", ")})`;
  });
  return [...parts, `${unchanged} unchanged`].join("; ");
}

/** How long the points of a repository are kept. */
import { backupHost, shrunkTag } from "./backup";
import { shortPoint } from "./restore";

export const keepUnits = ["last", "hourly", "daily", "weekly", "monthly", "yearly"] as const;

/**
 * Which points stay: of each unit either so many (a number), or all in so long a time before the newest (a duration as
 * restic has it, such as `14d` or `1y6m`).
 */
export type Keep = Partial<Record<(typeof keepUnits)[number], number | string>>;

/** restic's options for a policy. */
export const policyOptions = (keep: Keep): string[] =>
  keepUnits.flatMap((unit) => {
    const value = keep[unit];
    if (value === undefined) return [];
    if (typeof value === "number") return [`--keep-${unit}`, String(value)];
    return [unit === "last" ? "--keep-within" : `--keep-within-${unit}`, value];
  });

/** A policy for people, such as `daily 7, weekly 5`. */
export const policyText = (keep: Keep): string =>
  keepUnits.flatMap((unit) => (keep[unit] === undefined ? [] : [`${unit} ${keep[unit]}`])).join(", ");

/** A point as restic prints it. */
export interface Snapshot {
  id: string;
  time: string;
  hostname?: string;
  tags?: string[];
  summary?: { total_bytes_processed?: number; data_added_packed?: number };
}

/** What restic's policy says of the points of a service. */
export interface PolicySays {
  keep: Snapshot[];
  remove: Snapshot[];
}

/** On a point that a repair has made of another: it lacks what the repository had lost. */
export const repairedTag = "repaired";

/** More of a service's points than so many are only forgotten once a person has seen the list. */
export const atOnce = 10;

/** A clock may be so much ahead, in milliseconds, before a point's time counts as wrong. */
export const clockPatience = 5 * 60_000;

/** Whose points they are, and what is known of them beside the repository. */
export interface Whose {
  /** `project/stack`. */
  owner: string;
  service: string;
  /** The point that its newest good drill has proved; absent: there is none. `unreadable`: nobody can tell. */
  drilled?: { point: string } | "unreadable";
  /** Its last drill has proved nothing. */
  drillFailed?: boolean;
  /** Ids of points that lack data that could not be sent. */
  incomplete?: ReadonlySet<string>;
}

/**
 * Which of the points that the policy gives up are forgotten, or why none is for now. Never the newest whole one, the
 * newest that a drill has proved, one that isn't the service's, and the last whole one before each shrunk one that
 * stays.
 */
export function toForget(whose: Whose, says: PolicySays, now: Date): { forget: Snapshot[]; waits?: string } {
  const own = ({ hostname, tags = [] }: Snapshot) =>
    hostname === backupHost && tags.includes(`stack:${whose.owner}`) && tags.includes(`service:${whose.service}`);
  const kept = says.keep.filter(own);
  const given = says.remove.filter(own);
  const all = [...kept, ...given].sort((a, b) => timeOf(a) - timeOf(b));
  const waits = waitsFor(whose, all, now);
  if (waits !== undefined) return { forget: [], waits };
  const isWhole = (point: Snapshot) => hasAll(point) && !whose.incomplete?.has(point.id);
  const lastWhole = (points: Snapshot[]) => points.findLast(isWhole)?.id;
  const never = new Set([
    lastWhole(all),
    ...kept.filter((point) => !isWhole(point)).map(({ id }) => lastWhole(all.slice(0, indexOf(all, id)))),
  ]);
  if (typeof whose.drilled === "object") never.add(whose.drilled.point);
  return { forget: given.filter(({ id }) => !never.has(id)) };
}

/** Why nothing of the service is forgotten for now; undefined where nothing speaks against it. */
function waitsFor({ drilled, drillFailed }: Whose, all: Snapshot[], now: Date): string | undefined {
  const ahead = all.find((point) => !(timeOf(point) <= now.getTime() + clockPatience));
  if (ahead)
    return (
      `point ${short(ahead)} is dated ${ahead.time.slice(0, 19)}Z, which is still to come, so a clock is wrong; once ` +
      `it is right again and that time isn't near: restic forget ${short(ahead)}`
    );
  const newest = all.at(-1);
  if (newest && !hasAll(newest))
    return `its newest point ${short(newest)} has less than the ones before, which may be all that is left of the data`;
  if (drilled === "unreadable")
    return "the note of its last drill on the claim can't be read; npm run drill writes it anew";
  return drillFailed ? "its last drill failed; npm run drill says why" : undefined;
}

const hasAll = ({ tags = [] }: Snapshot) => !tags.includes(shrunkTag) && !tags.includes(repairedTag);
const timeOf = ({ time }: Snapshot) => Date.parse(time);
const short = ({ id }: Snapshot) => shortPoint(id);
const indexOf = (all: Snapshot[], wanted: string) => all.findIndex(({ id }) => id === wanted);

/** A part of the repository's data, of so many in which it is read. */
export interface Part {
  part: number;
  of: number;
}

/** What the last reads of the repository's data came to. */
export interface Checked extends Part {
  /** ISO time. */
  at: string;
  /** What is wrong there; absent where nothing is. */
  damage?: string;
}

/**
 * The part of the data that is to be read now; undefined where one was read today. A missed day leaves none out. A part
 * with damage stays until it is mended.
 */
export function partToRead(last: Checked | undefined, cycle: number, now: Date): Part | undefined {
  if (!last) return { part: 1, of: cycle };
  if (last.damage !== undefined) return { part: last.part, of: last.of };
  if (last.at.slice(0, 10) === now.toISOString().slice(0, 10)) return undefined;
  return { part: last.of === cycle ? (last.part % cycle) + 1 : 1, of: cycle };
}

import type { ListedPoint } from "../../model/backup";
import { shortPoint } from "../../model/restore";
import { formatTime } from "../terminal/age";

/** What a drill says. Pure. */

/** What is told of a point. */
export type PointRef = Pick<ListedPoint, "id" | "at">;

export interface DrillResult {
  service: string;
  /** The point that was restored; absent where it didn't come so far. */
  point?: PointRef;
  ok: boolean;
  seconds: number;
  /** What was read, in a few words. */
  read?: string;
  error?: string;
  /** What could not be removed from the service. */
  left?: string;
}

/** What is known of a service after both copies were tried. */
export interface Tried {
  /** Why the drill could not begin. */
  unread?: string;
  newest?: TriedCopy;
  before?: TriedCopy;
  /** When the record was written, in ms, and what could not be removed of it. */
  written?: { at: number; left?: string };
}

/** What a copy came to, and when that was known, in ms. */
export interface TriedCopy {
  point?: PointRef;
  read?: string;
  error?: string;
  at: number;
}

/** A service's result: proven where the newest point's copy has the record, and that of the point before has not. */
export function resultOf(service: string, { unread, newest, before, written }: Tried): DrillResult {
  const older = before?.error === undefined ? undefined : `the point before the newest: ${before.error}`;
  const error = unread ?? newest?.error ?? older;
  const begun = written?.at ?? Infinity;
  const seconds = Math.max(0, (newest?.at ?? 0) - begun, (before?.at ?? 0) - begun) / 1000;
  return {
    service,
    ...(newest?.point && { point: newest.point }),
    ok: error === undefined,
    seconds: Math.round(seconds * 10) / 10,
    ...(newest?.read !== undefined && { read: newest.read }),
    ...(error !== undefined && { error }),
    ...(written?.left !== undefined && { left: written.left }),
  };
}

export const pointText = ({ id, at }: PointRef) => `point ${shortPoint(id)} of ${formatTime(new Date(at))}`;

/** Throws where the newest point's copy doesn't have the record. */
export function assertHas(point: PointRef, { value }: { value: string }, answer: string): void {
  if (answer.includes(value)) return;
  throw new Error(
    `${pointText(point)} doesn't have the record that was written before it (${brief(answer)}): what was backed up ` +
      "is not the service's data, or not all of it",
  );
}

/** Throws where the copy of the point before has the record too, which was written later. */
export function assertHasNot(point: PointRef, { value }: { value: string }, answer: string): void {
  if (!answer.includes(value)) return;
  throw new Error(
    `${pointText(point)} has the record too, though it is older: what was started is not what was restored, so the ` +
      "drill proves nothing",
  );
}

/** What a service answered, or why it didn't. */
export function brief(answer: string): string {
  const line = answer.trim().replaceAll(/\s+/g, " ");
  if (line === "") return "it answered nothing";
  return `it answered: ${line.length > 200 ? `${line.slice(0, 200)}…` : line}`;
}

/** What the API server says against an object of a drill. */
export const refusedByQuota = (what: string, said: string) =>
  /exceeded quota/.test(said)
    ? `${what} is more than a quota of the cluster allows: ${said}. Make room in the quota, or drill fewer services ` +
      "at once: npm run drill -- SERVICE"
    : `the cluster refuses ${what}: ${said}`;

/** What keeps a copy's pod from beginning: no room for it, or for its volume, or anything else. */
export const notBegun = (stuck: string) =>
  /Unschedulable|Insufficient|FailedScheduling|unbound|quota/.test(stuck)
    ? `there is no room for a copy: ${stuck}. A drill needs the service's memory and disk once more; drill fewer ` +
      "services at once: npm run drill -- SERVICE"
    : `its copy can't begin: ${stuck}`;

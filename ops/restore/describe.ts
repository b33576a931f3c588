import type { Inspected, ListedPoint } from "../../model/backup";
import { claimArgument } from "../../model/config-path";
import { count, formatBytes, parseQuantity } from "../../model/quantity";
import { shortPoint } from "../../model/restore";
import { UserError } from "../../model/user-error";
import type { MoveBatch } from "../move/batch";
import { label } from "../move/describe";
import type { EditTexts } from "../move/carry-out";
import { formatAge, formatTime } from "../terminal/age";

type Moves = Pick<MoveBatch, "moves">;

/** What a person reads before the answer. */
export function textsOf(
  service: string,
  point: ListedPoint,
  inspected: Inspected,
  { moves }: Moves,
  { newer, now }: { newer: readonly ListedPoint[]; now: Date },
): EditTexts {
  const at = new Date(point.at);
  const files = inspected.volumes.reduce((sum, volume) => sum + volume.files, 0);
  const bytes = inspected.volumes.reduce((sum, volume) => sum + volume.bytes, 0);
  const several = moves.length > 1;
  const [left, targets] = [moves.map(({ before }) => label(before)), moves.map(({ after }) => label(after))];
  return {
    notes: [
      `Point ${shortPoint(point.id)} of ${point.stack}/${point.service}: ${formatTime(at)} (${formatAge(at, now)} ` +
        `ago), ${formatBytes(bytes)} in ${count(files, "file")}.`,
      ...(newer.length > 0 ? [newerNote(newer)] : []),
      `It is brought to ${targets.join(", ")} and compared, while ${service} goes on. Then ${service} is stopped, ` +
        "and started there.",
      `What was written since ${formatTime(at)} is on ${left.join(", ")} only, which ` +
        `${several ? "are" : "is"} kept, untouched, until npm run release names ${several ? "them" : "it"}.`,
    ],
    question: `Restore ${service} from ${formatTime(at)}?`,
  };
}

/** `Newer points are …`, at most three of them. */
export function newerNote(newer: readonly ListedPoint[]): string {
  const list = newer
    .slice(0, 3)
    .map(
      ({ id, at, shrunk, incomplete, repaired }) =>
        `${shortPoint(id)} (${formatTime(new Date(at))}${shrunk ? ", which has less than half of the data" : ""}` +
        `${incomplete || repaired ? ", which is incomplete" : ""})`,
    );
  const more = newer.length > list.length ? `, and ${newer.length - list.length} more` : "";
  return `Newer ${newer.length > 1 ? "points are" : "is"} ${list.join(", ")}${more}.`;
}

/** What was done, and what can be done next. */
export function restored(service: string, point: ListedPoint, { moves }: Moves): string {
  const names = moves.map(({ before }) => claimArgument(before));
  const back = names.map((name) => `npm run move -- ${name} --back --as-it-was`).join(" and ");
  const release = names.map((name) => `npm run release -- ${name}`).join(" and ");
  return (
    `${service} is as it was at ${formatTime(new Date(point.at))}. ${back} returns to what it had; ${release} ` +
    "deletes that."
  );
}

/** Throws a UserError where a volume is smaller than what the point has of it. */
export function checkSizes(point: ListedPoint, { volumes }: Inspected, { moves }: Moves): void {
  for (const { before, after } of moves) {
    const bytes = volumes.find(({ volume }) => volume === plainVolume(before))?.bytes ?? 0;
    const size = parseQuantity(after.size);
    if (size === undefined || bytes <= size) continue;
    const name = claimArgument(before);
    throw new UserError(
      `point ${shortPoint(point.id)} has ${formatBytes(bytes)} of ${name}, and its volume has ${after.size}; nothing ` +
        `was changed. Make it larger first: npm run move -- ${name} --size SIZE`,
    );
  }
}

/** A volume's name in its first generation, which is how a point is asked for it. */
export const plainVolume = ({ volume, template, generation }: MoveBatch["moves"][number]["before"]): string =>
  template === undefined || generation === 1 ? volume : volume.slice(0, -`-${generation}`.length);

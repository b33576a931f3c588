import { chmodSync, rmSync } from "node:fs";
import { difference } from "./compare";
import { takeOver } from "./take-over";
import { below, type Entry } from "./walk";

/**
 * Removes from the target what differs from the source, so that only finished copies stay: cp sets a file's time only
 * when its content is complete. A file with several names stays only when all of them do. Returns the keys that stay.
 */
export function prune(source: Entry[], target: string, present: Entry[]): Set<string> {
  const wanted = new Map(source.map((entry) => [entry.key, entry]));
  const stays = keepable(wanted, present);
  takeOver(target, present);
  for (const entry of present) if (entry.type === "directory") makeWritable(target, entry);
  // Children come after their parents in the walk, so they go before them here.
  for (const entry of present.toReversed())
    if (!stays.has(entry.key)) rmSync(below(target, entry.path), { recursive: true, force: true });
  return stays;
}

function keepable(wanted: Map<string, Entry>, present: Entry[]): Set<string> {
  const names = new Map<string, Entry[]>();
  for (const entry of present) names.set(entry.inode, [...(names.get(entry.inode) ?? []), entry]);
  const same = (entry: Entry) => {
    const original = wanted.get(entry.key);
    if (!original || original.type !== entry.type) return false;
    return entry.type === "directory" || (difference(original, entry) === undefined && original.links === entry.links);
  };
  return new Set(present.filter(({ inode }) => names.get(inode)?.every(same)).map(({ key }) => key));
}

/**
 * Nothing can be added to or removed from a read-only directory. The program that fills the target restores its mode.
 */
function makeWritable(target: string, { path, mode }: Entry): void {
  if ((mode & 0o700) !== 0o700) chmodSync(below(target, path), mode | 0o700);
}

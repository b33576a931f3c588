// @ts-check
import { chmodSync, rmSync } from "node:fs";
import { difference } from "./compare.mjs";
import { below } from "./walk.mjs";

/** @import { Entry } from "./walk.mjs" */

/**
 * Takes out of the target what isn't as in the source, so that only finished copies stay: cp sets a file's time when
 * its content is complete. A file with several names stays only when all of them do. Returns the paths that stay.
 * @param {Entry[]} source @param {string} target @param {Entry[]} present
 */
export function prune(source, target, present) {
  const wanted = new Map(source.map((entry) => [entry.key, entry]));
  const stays = keepable(wanted, present);
  for (const entry of present) if (entry.type === "directory") makeWritable(target, entry);
  // Children come after their parents in the walk, so they go before them here.
  for (const entry of present.toReversed())
    if (!stays.has(entry.key)) rmSync(below(target, entry.path), { recursive: true, force: true });
  return stays;
}

/** @param {Map<string, Entry>} wanted @param {Entry[]} present */
function keepable(wanted, present) {
  /** @type {Map<string, Entry[]>} */
  const names = new Map();
  for (const entry of present) names.set(entry.inode, [...(names.get(entry.inode) ?? []), entry]);
  const same = (/** @type {Entry} */ entry) => {
    const original = wanted.get(entry.key);
    if (!original || original.type !== entry.type) return false;
    return entry.type === "directory" || (difference(original, entry) === undefined && original.links === entry.links);
  };
  return new Set(present.filter(({ inode }) => names.get(inode)?.every(same)).map(({ key }) => key));
}

/**
 * What is in a read-only directory can be neither removed nor added to; cp gives it its mode again. @param {string}
 * target @param {Entry} entry
 */
function makeWritable(target, { path, mode }) {
  if ((mode & 0o700) !== 0o700) chmodSync(below(target, path), mode | 0o700);
}

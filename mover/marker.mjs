// @ts-check
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { markerName } from "./walk.mjs";

/** Whose unfinished copy the target holds. @param {string} target */
export function readMarker(target) {
  const file = join(target, markerName);
  // Cut off while it was written, it's empty: nothing can have been copied yet.
  return existsSync(file) ? readFileSync(file, "utf8").trim() || undefined : undefined;
}

/** @param {string} target */
export const isMarked = (target) => existsSync(join(target, markerName));

/** From here on the target is an unfinished copy. @param {{ target: string, sourceId: string }} of */
export function markTarget({ target, sourceId }) {
  const file = openSync(join(target, markerName), "w", 0o600);
  writeSync(file, `${sourceId}\n`);
  fsyncSync(file);
  closeSync(file);
}

/** From here on it counts as whole. @param {string} target */
export function finishTarget(target) {
  rmSync(join(target, markerName), { force: true });
  syncDirectory(target);
}

/** What was made, renamed or removed in a directory is so after a loss of power too. @param {string} path */
export function syncDirectory(path) {
  const directory = openSync(path, "r");
  fsyncSync(directory);
  closeSync(directory);
}

import { closeSync, existsSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { markerName } from "./walk";

/** The id of the source whose unfinished copy the target holds; undefined where it holds none. */
export function readMarker(target: string): string | undefined {
  const file = join(target, markerName);
  // A marker that was cut off while it was written is empty. Nothing can have been copied yet then.
  return existsSync(file) ? readFileSync(file, "utf8").trim() || undefined : undefined;
}

export const isMarked = (target: string) => existsSync(join(target, markerName));

/** From here on the target is an unfinished copy. */
export function markTarget({ target, sourceId }: { target: string; sourceId: string }): void {
  const file = openSync(join(target, markerName), "w", 0o600);
  writeSync(file, `${sourceId}\n`);
  fsyncSync(file);
  closeSync(file);
}

/** From here on the target counts as a whole copy. */
export function finishTarget(target: string): void {
  rmSync(join(target, markerName), { force: true });
  syncDirectory(target);
}

/** Makes what was created, renamed or removed in a directory survive a loss of power. */
export function syncDirectory(path: string): void {
  const directory = openSync(path, "r");
  fsyncSync(directory);
  closeSync(directory);
}

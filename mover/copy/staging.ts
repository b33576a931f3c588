import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { MoveError, show } from "../faults";
import { finishTarget, markTarget, syncDirectory } from "./marker";
import { prune } from "./prune";
import { arrivingName, below, incomingName, walk } from "./walk";

/**
 * Makes the directory to which a stream is unpacked: in the target, beside the earlier content. A stream can break off,
 * and its pod may then be gone, so the earlier content is removed only when the new content is whole.
 */
export function openStaging(target: string): string {
  discardStaging(target);
  const staging = join(target, incomingName);
  mkdirSync(staging, { mode: 0o700 });
  return staging;
}

/** Removes what an unfinished stream left; it is nobody's data. */
export function discardStaging(target: string): void {
  const staging = join(target, incomingName);
  if (!existsSync(staging)) return;
  clear(staging);
  rmdirSync(staging);
}

/** Replaces what the target held by what was staged, once that is whole. */
export function swapIn(target: string, sourceId: string): void {
  markTarget({ target, sourceId });
  finishSwap(target);
}

/**
 * Finishes an exchange that was cut off. The target's marker says that the staged content was whole. If the staging
 * directory has its second name, the earlier content is gone, and what lies beside that directory is new content.
 */
export function finishSwap(target: string): void {
  const [incoming, arriving] = [join(target, incomingName), join(target, arrivingName)];
  if (existsSync(incoming)) {
    clear(target);
    renameSync(incoming, arriving);
    syncDirectory(target);
  }
  if (existsSync(arriving)) {
    for (const name of readdirSync(arriving, { encoding: "buffer" }))
      rename(below(arriving, name), below(target, name));
    syncDirectory(target);
    rmdirSync(arriving);
  }
  finishTarget(target);
}

/** Removes a directory's content, except the mover's own files and those of the file system. */
function clear(directory: string): void {
  const present = walk(directory, (path, code) => {
    throw new MoveError(`${show(path)} can't be removed (${code})`);
  });
  prune([], directory, present);
}

/** Renames an entry. A read-only directory is made writable first, because it can't get another parent otherwise. */
function rename(from: Buffer, to: Buffer): void {
  const stat = lstatSync(from);
  const locked = stat.isDirectory() && (stat.mode & 0o200) === 0;
  if (locked) chmodSync(from, stat.mode | 0o200);
  renameSync(from, to);
  if (locked) chmodSync(to, stat.mode & 0o7777);
}

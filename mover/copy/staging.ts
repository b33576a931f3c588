import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { MoveError, show } from "../faults";
import { finishTarget, markTarget, syncDirectory } from "./marker";
import { prune } from "./prune";
import { arrivingName, below, incomingName, walk } from "./walk";

/**
 * Makes the directory that a stream is unpacked to: in the target, beside what that held before. A stream can break
 * off, and then the pod that it came from may be gone; the earlier content goes only when the new is whole.
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

/** Puts what was staged, and is whole, in the place of what the target held. */
export function swapIn(target: string, sourceId: string): void {
  markTarget({ target, sourceId });
  finishSwap(target);
}

/**
 * Goes on with an exchange that was cut off: the target's marker says that what is staged was whole. The staging
 * directory's second name says that the earlier content is gone, so that what lies beside it has arrived.
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

/** Removes all of a directory's content except our own and the file system's. */
function clear(directory: string): void {
  const present = walk(directory, (path, code) => {
    throw new MoveError(`${show(path)} can't be removed (${code})`);
  });
  prune([], directory, present);
}

/** A directory that may not be written to can't get another parent. */
function rename(from: Buffer, to: Buffer): void {
  const stat = lstatSync(from);
  const locked = stat.isDirectory() && (stat.mode & 0o200) === 0;
  if (locked) chmodSync(from, stat.mode | 0o200);
  renameSync(from, to);
  if (locked) chmodSync(to, stat.mode & 0o7777);
}

// @ts-check
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { MoveError, show } from "./faults.mjs";
import { finishTarget, markTarget, syncDirectory } from "./marker.mjs";
import { prune } from "./prune.mjs";
import { arrivingName, below, incomingName, walk } from "./walk.mjs";

/**
 * Where a stream is unpacked: in the target, beside what that held before. A stream can break off, and the pod that it
 * came from may be gone then; the earlier content goes only when the new is whole.
 * @param {string} target @returns {string}
 */
export function openStaging(target) {
  discardStaging(target);
  const staging = join(target, incomingName);
  mkdirSync(staging, { mode: 0o700 });
  return staging;
}

/** What an unfinished stream left is nobody's data. @param {string} target */
export function discardStaging(target) {
  const staging = join(target, incomingName);
  if (!existsSync(staging)) return;
  clear(staging);
  rmdirSync(staging);
}

/**
 * Puts what was staged, and is whole, in the place of what the target held. @param {string} target @param {string}
 * sourceId
 */
export function swapIn(target, sourceId) {
  markTarget({ target, sourceId });
  finishSwap(target);
}

/**
 * Goes on with an exchange that was cut off: the target's marker says that what is staged was whole. The staging
 * directory's second name says that the earlier content is gone, so that what lies beside it has arrived.
 * @param {string} target
 */
export function finishSwap(target) {
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

/** Removes all of a directory's content but our own and the file system's. @param {string} directory */
function clear(directory) {
  const present = walk(directory, (path, error) => {
    throw new MoveError(`${show(path)} can't be removed (${error.code})`);
  });
  prune([], directory, present);
}

/** A directory that may not be written to can't get another parent. @param {Buffer} from @param {Buffer} to */
function rename(from, to) {
  const stat = lstatSync(from);
  const locked = stat.isDirectory() && (stat.mode & 0o200) === 0;
  if (locked) chmodSync(from, stat.mode | 0o200);
  renameSync(from, to);
  if (locked) chmodSync(to, stat.mode & 0o7777);
}

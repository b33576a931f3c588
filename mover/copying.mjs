// @ts-check
import { chmodSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { compareContent, compareTrees, digestOfAll } from "./compare.mjs";
import { run } from "./cp.mjs";
import { firstOf, MoveError, show } from "./faults.mjs";
import { Hashers } from "./hashing.mjs";
import { finishTarget, isMarked, markTarget } from "./marker.mjs";
import { checkRoom, measureTrees, readTarget } from "./measure.mjs";
import { Progress } from "./progress.mjs";
import { prune } from "./prune.mjs";
import { sourceOf } from "./source.mjs";
import { below, distinct, lostAndFound, walk } from "./walk.mjs";

/** @import { Entry } from "./walk.mjs" */
/** @import { CopyTask } from "./measure.mjs" */
/** @import { Source } from "./source.mjs" */
/** @import { Copied, Measured } from "../model/mover.js" */

/** Throws where the copy can't be made; changes nothing. @param {CopyTask} task @returns {Promise<Measured>} */
export async function measure(task) {
  const from = sourceOf(task);
  try {
    const measured = measureTrees(task.target, await from.read(), readTarget(task));
    checkRoom(measured, task);
    return measured;
  } finally {
    from.close();
  }
}

/**
 * Makes the target exactly the source, and compares every entry and every byte. Can be cut off and repeated: a file in
 * the target's root says that it is incomplete, until the end.
 * @param {CopyTask} task @returns {Promise<Copied>}
 */
export async function copy(task) {
  const started = performance.now();
  const from = sourceOf(task);
  try {
    const source = await from.read();
    const present = readTarget(task);
    if (task.onlyEmpty && present.length > 0 && !isMarked(task.target)) return nothingToDo;
    checkRoom(measureTrees(task.target, source, present), task);
    markTarget(task);
    const kept = present.length > 0 ? prune(source, task.target, present) : new Set();
    const digests = await transfer(task, from, source, kept);
    finishTarget(task.target);
    await from.finish();
    const files = distinct(source.filter(({ type }) => type === "file"));
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    const directories = source.filter(({ type }) => type === "directory").length;
    return {
      files: files.length,
      directories,
      bytes,
      seconds: (performance.now() - started) / 1000,
      sha256: digestOfAll(source, digests),
    };
  } finally {
    from.close();
  }
}

/**
 * Copies what isn't kept, and checks all. Returns the digests of the files. @param {CopyTask} task @param {Source} from
 * @param {Entry[]} source @param {Set<string>} kept
 */
async function transfer(task, from, source, kept) {
  const hashers = new Hashers();
  try {
    // The source is read for its digests beside the copying: what one has read the other finds in memory.
    const digesting = from.digest(source, hashers);
    const [complaint] = await Promise.all([fill(task, from, source, kept), digesting]);
    const digests = await digesting;
    restoreModes(task.target, source);
    await check(
      task,
      source,
      digests,
      complaint && `; ${from.program} said: ${firstOf(complaint.split("\n"), 2)}`,
      hashers,
    );
    return digests;
  } finally {
    await hashers.close();
  }
}

/** A pod's own directory outlives a restart of its node: what is in it then is newer than the source. */
const nothingToDo = { files: 0, directories: 0, bytes: 0, seconds: 0, sha256: "" };

/** @param {CopyTask} task @param {Source} from @param {Entry[]} entries @param {Set<string>} kept */
async function fill({ target, targetName }, from, entries, kept) {
  const files = distinct(entries.filter(({ type, key }) => type === "file" && !kept.has(key)));
  const total = files.reduce((sum, { size, disk }) => sum + Math.min(size, disk), 0);
  const progress = new Progress("copy", total, files.length);
  const itsOwn = existsSync(join(target, lostAndFound));
  const complaint = await from.fill(entries, kept, (bytes) => progress.at(Math.min(bytes, total)));
  if (/No space left on device|Disk quota exceeded/.test(complaint))
    throw new MoveError(`${targetName} is full: ${firstOf(complaint.split("\n"), 1)}`);
  if (!itsOwn) rmSync(join(target, lostAndFound), { recursive: true, force: true });
  progress.at(total);
  progress.end();
  return complaint;
}

/**
 * A volume's root hands its group on to what is made in it, by a bit that directories inherit and cp leaves on those
 * that it makes: PostgreSQL's own had cleared it.
 * @param {string} target @param {Entry[]} entries
 */
function restoreModes(target, entries) {
  for (const { path, type, mode } of entries) {
    if (type !== "directory") continue;
    try {
      chmodSync(below(target, path), mode & 0o7777);
    } catch {
      // What isn't there or isn't ours is found by the comparison, which says it better.
    }
  }
}

/**
 * What is compared is what the target's file system answers after it was given everything to write. Where it still
 * has that in memory, it answers from there: a disk that returns other bytes than it took is not found out.
 * @param {CopyTask} task @param {Entry[]} source @param {Map<string, string>} digests @param {string} said @param {Hashers} hashers
 */
async function check({ target, targetName }, source, digests, said, hashers) {
  const syncing = run("sync", ["--file-system", target]);
  const entries = walk(target, (path, error) => {
    throw new MoveError(`the copy can't be read: ${show(path)} (${error.code})`);
  });
  const faults = compareTrees(source, entries);
  if (faults.length > 0)
    throw new MoveError(`the copy on ${targetName} is not like its source: ${firstOf(faults)}${said}`);
  const files = distinct(entries.filter(({ type }) => type === "file"));
  const progress = new Progress(
    "check",
    files.reduce((sum, { size }) => sum + size, 0),
    files.length,
  );
  const copied = await hashers.digest(target, inOrder(source, entries), (bytes) => progress.add(bytes));
  progress.end();
  const unsynced = await syncing;
  if (unsynced) throw new MoveError(`${targetName} doesn't keep what is written: ${unsynced}`, { transient: true });
  const differing = compareContent(source, digests, copied);
  // The next try makes these anew; the others it can keep.
  for (const { path } of differing) rmSync(below(target, path), { force: true });
  if (differing.length > 0)
    throw new MoveError(
      `the copy on ${targetName} has other bytes than its source ` +
        `in ${firstOf(differing.map(({ path }) => show(path)))}; these copies were removed`,
    );
}

/**
 * The target's entries in the source's order, so that a file with several names is read under the same one. @param
 * {Entry[]} source @param {Entry[]} target
 */
function inOrder(source, target) {
  const found = new Map(target.map((entry) => [entry.key, entry]));
  return source.flatMap(({ key }) => found.get(key) ?? []);
}

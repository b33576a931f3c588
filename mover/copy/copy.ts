import { chmodSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Copied, CopyTask, Measured } from "../../model/mover";
import { firstOf, MoveError } from "../faults";
import { check } from "./check";
import { digestOfAll } from "./compare";
import { Hashers } from "./hashing";
import { finishTarget, isMarked, markTarget } from "./marker";
import { checkRoom, measureTrees, readTarget } from "./measure";
import { openSource } from "./open-source";
import { Progress } from "./progress";
import { prune } from "./prune";
import type { Source } from "./source";
import { checkWorth } from "./worth";
import { below, directoriesOf, distinct, filesOf, lostAndFound, type Entry } from "./walk";

/** Measures what the source uses and what room the target has. Throws where the copy can't be made; changes nothing. */
export async function measure(task: CopyTask): Promise<Measured> {
  const from = openSource(task);
  try {
    const [source, present] = [await from.read(), readTarget(task)];
    checkWorth(task, { entries: source, changed: from.changed() }, present);
    const measured = measureTrees(task.target, source, present);
    checkRoom(measured, task);
    return measured;
  } finally {
    from.close();
  }
}

/**
 * Makes the target exactly the source, and compares every entry and every byte. The copy can be cut off and repeated:
 * until it ends, a file in the target's root says that the target is incomplete.
 */
export async function copy(task: CopyTask): Promise<Copied> {
  const started = performance.now();
  const from = openSource(task);
  try {
    const source = await from.read();
    const present = readTarget(task);
    if (task.onlyEmpty && present.length > 0 && !isMarked(task.target)) return nothingToDo;
    checkWorth(task, { entries: source, changed: from.changed() }, present);
    checkRoom(measureTrees(task.target, source, present), task);
    markTarget(task);
    const kept = present.length > 0 ? prune(source, task.target, present) : new Set<string>();
    const digests = await transfer(task, from, source, kept);
    finishTarget(task.target);
    await from.finish();
    return copiedOf(source, digests, started);
  } finally {
    from.close();
  }
}

/**
 * A pod's own directory outlives a restart of its node. Its content is then newer than the
 * source, so nothing is copied.
 */
const nothingToDo: Copied = { files: 0, directories: 0, bytes: 0, seconds: 0, sha256: "" };

/** The report of a complete copy. `started`: as performance.now() counts. */
export function copiedOf(entries: Entry[], digests: Map<string, string>, started: number): Copied {
  const { files, bytes } = filesOf(entries);
  return {
    files: files.length,
    directories: directoriesOf(entries).length,
    bytes,
    seconds: (performance.now() - started) / 1000,
    sha256: digestOfAll(entries, digests),
  };
}

/** Copies what isn't kept, and checks all. Returns the digests of the files. */
async function transfer(
  task: CopyTask,
  from: Source,
  source: Entry[],
  kept: Set<string>,
): Promise<Map<string, string>> {
  const hashers = new Hashers();
  try {
    // The source's digests are computed during the copy, because what one of the two has read is
    // in memory for the other.
    const [complaint, digests] = await Promise.all([fill(task, from, source, kept), from.digest(source, hashers)]);
    restoreModes(task.target, source);
    const said = complaint && `; ${from.program} said: ${firstOf(complaint.split("\n"), 2)}`;
    await check(task, { source, digests, said }, hashers);
    return digests;
  } finally {
    await hashers.close();
  }
}

async function fill(
  { target, targetName }: CopyTask,
  from: Source,
  entries: Entry[],
  kept: Set<string>,
): Promise<string> {
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
 * A volume's root has the setgid bit, so new directories in it inherit its group and the bit. cp leaves the bit on
 * directories that it makes, but PostgreSQL clears it on its own directories, so the source's modes are restored.
 */
function restoreModes(target: string, entries: Entry[]): void {
  for (const { path, mode } of directoriesOf(entries)) {
    try {
      chmodSync(below(target, path), mode & 0o7777);
    } catch {
      // The comparison finds a directory that is missing or belongs to another user, and its message is better.
    }
  }
}

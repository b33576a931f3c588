import { rmSync } from "node:fs";
import type { CopyTask } from "../../model/mover";
import { firstOf, MoveError, show } from "../faults";
import { compareContent, compareTrees } from "./compare";
import { run } from "./cp";
import type { Hashers } from "./hashing";
import { Progress } from "./progress";
import { below, filesOf, walk, type Entry } from "./walk";

/** What the target is compared with. */
export interface Expected {
  source: Entry[];
  digests: Map<string, string>;
  /** What the program that filled the target said about what went wrong. */
  said: string;
}

/**
 * Throws where the target isn't exactly the source. First the target's file system is told to write everything to its
 * disk; then its content is read and compared. It may answer from memory, so this doesn't find a disk that returns
 * other bytes than it was given.
 */
export async function check({ target, targetName }: CopyTask, expected: Expected, hashers: Hashers): Promise<void> {
  const { source, digests, said } = expected;
  const syncing = run("sync", ["--file-system", target]);
  const entries = readTree(target);
  const faults = compareTrees(source, entries);
  if (faults.length > 0)
    throw new MoveError(`the copy on ${targetName} is not like its source: ${firstOf(faults)}${said}`);
  const { files, bytes } = filesOf(entries);
  const progress = new Progress("check", bytes, files.length);
  const copied = await hashers.digest(target, inOrder(source, entries), (bytes) => progress.add(bytes));
  progress.end();
  const unsynced = await syncing;
  if (unsynced) throw notKept(targetName, unsynced);
  const differing = compareContent(source, digests, copied);
  // The next try makes these again; it can keep the others.
  for (const { path } of differing) rmSync(below(target, path), { force: true });
  if (differing.length > 0)
    throw new MoveError(
      `the copy on ${targetName} has other bytes than its source ` +
        `in ${firstOf(differing.map(({ path }) => show(path)))}; these copies were removed`,
    );
}

/** Everything in a copy. Throws where it can't be read. */
export const readTree = (target: string) =>
  walk(target, (path, code) => {
    throw new MoveError(`the copy can't be read: ${show(path)} (${code})`);
  });

export const notKept = (targetName: string | undefined, unsynced: string) =>
  new MoveError(`what was copied to ${targetName} can't be written to its disk: ${unsynced}`, { transient: true });

/** The target's entries in the source's order, so that a file with several names is read under the same one. */
function inOrder(source: Entry[], target: Entry[]): Entry[] {
  const found = new Map(target.map((entry) => [entry.key, entry]));
  return source.flatMap(({ key }) => found.get(key) ?? []);
}

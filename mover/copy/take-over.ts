import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync } from "node:fs";
import { below, type Entry } from "./walk";

/**
 * Puts a directory of this user in the place of each one at the target that belongs to another, with what is in it. The
 * kubelet makes the directories that a mount's subPath names: root's, writable for the service's group. Nobody else can
 * give such a directory the owner, mode and time of its source. Cut off in between, the target is still marked
 * incomplete, and what was on its way is copied again.
 */
export function takeOver(target: string, present: Entry[]): void {
  const user = process.getuid?.();
  if (user === undefined || user === 0) return;
  // Parents come first: the paths of what is in them stay.
  for (const { type, uid, path } of present) if (type === "directory" && uid !== user) replace(below(target, path));
}

function replace(directory: Buffer): void {
  const own = Buffer.concat([directory, Buffer.from(".cluster-storage-taking-over")]);
  try {
    mkdirSync(own, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(directory, { encoding: "buffer" }))
      renameSync(below(directory, name), below(own, name));
    rmdirSync(directory);
    renameSync(own, directory);
  } catch {
    // Its group may not write here. The comparison says what differs, and its message is better.
    if (existsSync(own) && readdirSync(own).length === 0) rmdirSync(own);
  }
}

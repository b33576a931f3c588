import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { backupTags, type BackupTask } from "../../model/backup";
import type { Copied } from "../../model/mover";
import { copiedOf } from "../copy/copy";
import { distinct, type Entry } from "../copy/walk";
import { digestTree } from "../leave/streams";

/** The file of a point that says what else is in it. */
const manifestName = "manifest.jsonl";

/** The engines that have written to a point's volumes, by the volumes' names. */
export type Engines = Record<string, unknown>;

/**
 * Writes what a restore has to bring back: first a line about the point, then one for each file, directory and link.
 * Returns what they come to. `root`: the point's directory; `digests`: of files that were read already.
 */
export async function writeManifest(
  root: string,
  task: BackupTask,
  { engines, digests: known }: { engines: Engines; digests: ReadonlyMap<string, string> },
): Promise<Copied> {
  const started = performance.now();
  const { entries, digests } = await digestTree(root, known);
  const copied = copiedOf(entries, digests, started);
  const first = new Map(distinct(entries).map((entry) => [entry.inode, entry]));
  const { files, bytes, sha256 } = copied;
  const about = {
    format: 1,
    tags: backupTags(task),
    at: new Date().toISOString(),
    volumes: task.volumes.map(({ volume, claim, generation }) => ({ volume, claim, generation })),
    engines,
    files,
    bytes,
    sha256,
  };
  const lines = [about, ...entries.map((entry) => lineOf(entry, digests, first))];
  writeFileSync(join(root, manifestName), lines.map((line) => `${JSON.stringify(line)}\n`).join(""), { mode: 0o600 });
  return copied;
}

/**
 * `disk`: bytes in use, fewer than `size` where the file has holes. `sameAs`: the path of the first name of a file with
 * several. A path that is no UTF-8 is written in base64.
 */
function lineOf(entry: Entry, digests: Map<string, string>, first: ReadonlyMap<string, Entry>): object {
  const { path, key, type, mode, uid, gid, size, disk, mtime, inode, links, target } = entry;
  const original = first.get(inode);
  const sameAs = links > 1 && original && original.key !== key ? textOf(original.path) : undefined;
  return {
    path: textOf(path),
    type,
    mode: mode.toString(8),
    uid,
    gid,
    mtime: String(mtime),
    ...(type === "file" && { size, disk }),
    ...(digests.has(key) && { sha256: digests.get(key) }),
    ...(sameAs !== undefined && { sameAs }),
    ...(target && { target: textOf(target) }),
  };
}

function textOf(name: Buffer): string | { base64: string } {
  const text = name.toString("utf8");
  return Buffer.from(text, "utf8").equals(name) ? text : { base64: name.toString("base64") };
}

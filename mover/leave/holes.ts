import { lstatSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { MoveError } from "../faults";
import { run } from "../copy/cp";
import { dateOf } from "../copy/nodes";

/** The size of a block in `st_blocks`. */
const block = 512;

/** Bytes of holes for which a file is written again. */
const worth = 64 * 1024;

/**
 * Gives the files of a directory the holes that they have at the source. `listed`: for each of the source's files its
 * blocks, size and path. A file with several names, and one whose name is no plain text, stays as it is.
 */
export async function digHoles(listed: string, directory: string): Promise<void> {
  const files = [...listed.matchAll(/^(\d+) (\d+) \.\/(.+)$/gm)].map(([, blocks, size, path = ""]) => ({
    used: Number(blocks) * block,
    size: Number(size),
    path: join(directory, path),
  }));
  for (const { used, size, path } of files) if (size - used >= worth && isFuller(path, used)) await dig(path);
}

function isFuller(path: string, used: number): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat !== undefined && stat.isFile() && stat.nlink === 1 && stat.blocks * block - used >= worth;
}

/** Writes the file once more, without its zeros. Owner, mode and times stay, those of its directory too. */
async function dig(path: string): Promise<void> {
  const fresh = `${path}.cluster-storage-sparse`;
  const above = dirname(path);
  const { mtimeNs } = lstatSync(above, { bigint: true });
  const failed = await run("cp", ["--archive", "--sparse=always", "--", path, fresh]);
  if (failed) {
    rmSync(fresh, { force: true });
    throw new MoveError(`the holes of ${path} can't be kept: ${failed}`, { transient: true });
  }
  renameSync(fresh, path);
  await run("touch", ["--no-create", `--date=${dateOf(mtimeNs)}`, above]);
}

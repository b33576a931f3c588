import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";

/** Gives `work` a directory that only this user can read. The directory is removed afterwards, also after a failure. */
export async function withDirectory<T>(purpose: string, work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(path.join(tmpdir(), `cluster-storage-${purpose}-`));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

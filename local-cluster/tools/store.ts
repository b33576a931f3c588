import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";

const temporary = ".making-";

/**
 * Lets `work` fill another directory beside `directory`, and renames that when it is complete. So `directory` exists
 * only when it is complete, even if this process is killed.
 */
export async function makeWhole(directory: string, work: (unfinished: string) => Promise<void>): Promise<void> {
  await inScratch(path.dirname(directory), async (unfinished) => {
    await work(unfinished);
    await fs.rename(unfinished, directory).catch((error: NodeJS.ErrnoException) => {
      // Another process was faster, and its result is the same.
      if (!existsSync(directory)) throw error;
    });
  });
}

/** Runs `work` with a directory in `parent` that is gone afterwards. */
export async function inScratch<T>(parent: string, work: (scratch: string) => Promise<T>): Promise<T> {
  const scratch = path.join(parent, `${temporary}${process.pid}-${randomBytes(4).toString("hex")}`);
  await fs.mkdir(scratch, { recursive: true });
  try {
    return await work(scratch);
  } finally {
    await fs.rm(scratch, { recursive: true, force: true });
  }
}

/** Removes the unfinished directories of processes that have ended. */
export async function removeUnfinished(parent: string): Promise<void> {
  const names = await fs.readdir(parent).catch(() => []);
  const left = names.filter(
    (name) => name.startsWith(temporary) && !alive(Number.parseInt(name.slice(temporary.length), 10)),
  );
  for (const name of left) await fs.rm(path.join(parent, name), { recursive: true, force: true });
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

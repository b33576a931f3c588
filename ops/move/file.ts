import { randomBytes } from "node:crypto";
import { open, readdir, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ifThere } from "../pulumi/if-there";
import { findProcess } from "../pulumi/process";

const aMinute = 60_000;
/** Start times of processes are coarse, in ms. */
const slack = 2_000;

/**
 * Writes the file whole or not at all, even if this process or the machine is killed. A symbolic link stays a link, and
 * the file keeps its mode.
 */
export async function writeStackFile(file: string, text: string): Promise<void> {
  const target = await realpath(file);
  await removeLeftovers(target);
  // The name differs from what a killed run has left, and from another run's file; it says who writes.
  const beside = `${target}.${process.pid}-${randomBytes(4).toString("hex")}.new`;
  const { mode } = await stat(target);
  try {
    await writeSynced(beside, text, mode);
    await rename(beside, target);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

async function writeSynced(file: string, text: string, mode: number): Promise<void> {
  const handle = await open(file, "w");
  try {
    await handle.writeFile(text);
    // The umask would cut the mode that is given at creation.
    await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Writes `after` where the file still holds `before`. Where somebody changed the file, returns false
 * and writes nothing.
 */
export async function replaceStackFile(file: string, before: string, after: string): Promise<boolean> {
  if ((await readFile(file, "utf8")) !== before) return false;
  await writeStackFile(file, after);
  return true;
}

/**
 * Removes what writers of a stack file have left that were killed before their file took the old one's place, and
 * returns the removed paths. A file whose writer runs stays.
 */
export async function removeLeftovers(file: string): Promise<string[]> {
  const target = await ifThere(realpath(file));
  if (target === undefined) return [];
  const name = basename(target);
  const beside = (await readdir(dirname(target))).filter((other) => other.startsWith(`${name}.`));
  const removed: string[] = [];
  for (const other of beside) {
    const at = join(dirname(target), other);
    const written = /^(?:(\d+)-)?[0-9a-f]{8}\.new$/.exec(other.slice(name.length + 1));
    if (!written || !(await isLeft(at, written[1]))) continue;
    await rm(at, { force: true });
    removed.push(at);
  }
  return removed;
}

/** A write takes far less than a minute. An earlier version's file doesn't name its writer. */
async function isLeft(file: string, pid: string | undefined): Promise<boolean> {
  const found = await ifThere(stat(file));
  if (!found) return false;
  const writer = pid === undefined ? undefined : await findProcess(Number(pid));
  const old = Date.now() - found.mtimeMs > aMinute;
  return pid === undefined ? old : !writer || writer.started.getTime() > found.mtimeMs + slack;
}

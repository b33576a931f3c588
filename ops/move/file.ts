import { randomBytes } from "node:crypto";
import { open, readFile, realpath, rename, rm, stat } from "node:fs/promises";

/**
 * Writes the file whole or not at all, even if this process or the machine is killed. A symbolic link stays a link, and
 * the file keeps its mode.
 */
export async function writeStackFile(file: string, text: string): Promise<void> {
  const target = await realpath(file);
  // A random name differs from what a killed run has left, and from another run's file.
  const beside = `${target}.${randomBytes(4).toString("hex")}.new`;
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

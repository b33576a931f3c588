import { randomBytes } from "node:crypto";
import { open, readFile, realpath, rename, rm, stat } from "node:fs/promises";

/**
 * Writes the file whole or not at all, whatever kills this process or the machine. A symbolic link stays one, and the
 * file's mode stays.
 */
export async function writeStackFile(file: string, text: string): Promise<void> {
  const target = await realpath(file);
  // A random name, so that it is neither one that a killed run has left nor another run's.
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
    // The mode at creation would be cut by the umask.
    await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes `after` where the file still holds `before`. Returns false, and writes nothing, where somebody changed it. */
export async function replaceStackFile(file: string, before: string, after: string): Promise<boolean> {
  if ((await readFile(file, "utf8")) !== before) return false;
  await writeStackFile(file, after);
  return true;
}

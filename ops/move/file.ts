import { randomBytes } from "node:crypto";
import { open, readFile, realpath, rename, rm, stat } from "node:fs/promises";

/**
 * Written whole or not at all, whatever ends this process or the machine; a link stays one, and the mode stays as it
 * is.
 */
export async function writeStackFile(file: string, text: string): Promise<void> {
  const target = await realpath(file);
  // Not one that a killed run has left, nor another run's.
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
    // The umask has no say in it.
    await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes `after` where the file still holds `before`: what somebody else wrote meanwhile isn't overwritten. */
export async function replaceStackFile(file: string, before: string, after: string): Promise<boolean> {
  if ((await readFile(file, "utf8")) !== before) return false;
  await writeStackFile(file, after);
  return true;
}

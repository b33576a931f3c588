import { lstat, readFile, realpath, rename, stat, writeFile } from "node:fs/promises";

/** Written whole or not at all; a link stays one, and the mode stays as it is. */
export async function writeStackFile(file: string, text: string): Promise<void> {
  const target = (await lstat(file)).isSymbolicLink() ? await realpath(file) : file;
  const { mode } = await stat(target);
  await writeFile(`${target}.new`, text, { mode });
  await rename(`${target}.new`, target);
}

/** Writes `after` where the file still holds `before`: what somebody else wrote meanwhile isn't overwritten. */
export async function replaceStackFile(file: string, before: string, after: string): Promise<boolean> {
  if ((await readFile(file, "utf8")) !== before) return false;
  await writeStackFile(file, after);
  return true;
}

import { lstat, opendir, unlink } from "node:fs/promises";
import { join } from "node:path";

/*
 * The clean-up's program: `remove DIRECTORY DAYS` removes every file that did not change for so many days and prints
 * its name; `count DIRECTORY DAYS` only reads. Both print at the end what they found, as one line of JSON. A pod gets
 * the text of this file as an argument, so it imports nothing of ours.
 */

/** What the last line says: all files of the directory, and those that are old. */
interface Found {
  files: number;
  bytes: number;
  oldFiles: number;
  oldBytes: number;
}

const [task, directory = "", days = ""] = process.argv.slice(1);
const age = Number(days) * 24 * 60 * 60 * 1000;
const found: Found = { files: 0, bytes: 0, oldFiles: 0, oldBytes: 0 };

async function main(): Promise<void> {
  if (!["remove", "count"].includes(task ?? "") || !directory.startsWith("/") || !(age > 0))
    throw new Error(`say remove or count, a directory and days, not ${JSON.stringify(process.argv.slice(1))}`);
  const before = Date.now() - age;
  await visit(directory, (await lstat(directory)).dev, before);
  process.stdout.write(`${JSON.stringify(found)}\n`);
}

/** Directories stay, because the application may rely on them, and what is mounted below the volume isn't entered. */
async function visit(path: string, device: number, before: number): Promise<void> {
  for await (const entry of await opendir(path)) {
    const inner = join(path, entry.name);
    await attempt(inner, async () => {
      const stat = await lstat(inner);
      if (stat.isDirectory() && stat.dev === device) await visit(inner, device, before);
      if (!stat.isFile()) return;
      found.files += 1;
      found.bytes += stat.size;
      // A copy or an upload keeps the file's old mtime. When it came here is in ctime, which no program can set.
      if (Math.max(stat.mtimeMs, stat.ctimeMs) >= before) return;
      found.oldFiles += 1;
      found.oldBytes += stat.size;
      if (task !== "remove") return;
      await unlink(inner);
      process.stdout.write(`removed ${JSON.stringify(inner)}\n`);
    });
  }
}

/** One file that can't be read or removed keeps none of the others, and makes the run fail. */
async function attempt(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    // The application removed it meanwhile.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    process.stderr.write(`${JSON.stringify(path)}: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});

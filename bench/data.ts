import { execa } from "execa";
import { randomBytes } from "node:crypto";
import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";

const gibibyte = 1024 ** 3;

/** Writes an earlier run's data to the disk, so that the next run does not pay for it. */
export const settle = () => execa("sync");

/** Writes 1 GiB that no file system can compress, with a hundred files in each directory. */
export async function fill(directory: string, files: number): Promise<void> {
  const block = randomBytes(1024 * 1024);
  const size = Math.floor(gibibyte / files);
  for (let i = 0; i < files; i++) {
    const folder = join(directory, `part-${Math.floor(i / 100)}`);
    await mkdir(folder, { recursive: true });
    const file = await open(join(folder, `file-${i}`), "w");
    for (let left = size; left > 0; left -= block.length) {
      block.writeUInt32LE((i * 4096 + Math.floor(left / block.length)) >>> 0);
      await file.write(block, 0, Math.min(left, block.length));
    }
    await file.close();
  }
}

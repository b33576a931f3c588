import { chown, open } from "node:fs/promises";
import { join } from "node:path";

/** A file for which a service has no use. */
export const ballast = "ballast";

/** Makes it in a volume of Redis', so that a copy takes its time. */
export async function addBallast(directory: string, mebibytes: number): Promise<void> {
  const file = join(directory, ballast);
  const handle = await open(file, "w", 0o640);
  for (let i = 0; i < mebibytes; i++) await handle.write(Buffer.alloc(1024 ** 2, i + 1));
  await handle.close();
  await chown(file, 999, 999);
}

import { existsSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { UserError } from "../../model/user-error";

/** Something that a build is about to write. */
export interface Need {
  directory: string;
  gigabytes: number;
  /** The environment variable that sets another directory. */
  variable: string;
}

/** Throws UserError, before anything is written, when a disk has not enough space. Needs on the same disk add up. */
export async function checkRoom(
  needs: Need[],
  free: (directory: string) => Promise<number> = freeGigabytes,
): Promise<void> {
  const disks = new Map<number, Need[]>();
  for (const need of needs) {
    const { dev } = await fs.stat(nearest(need.directory));
    disks.set(dev, [...(disks.get(dev) ?? []), need]);
  }
  for (const together of disks.values()) {
    const needed = together.reduce((sum, { gigabytes }) => sum + gigabytes, 0);
    const room = await free(nearest(together[0]!.directory));
    if (room < needed) throw new UserError(tooSmall(together, needed, room));
  }
}

function tooSmall(needs: Need[], needed: number, room: number): string {
  return [
    `Building the tools needs about ${Math.ceil(needed)} GB of disk, but only ${room.toFixed(1)} GB are free. ` +
      "Nothing was built.",
    ...needs.map(({ directory, gigabytes, variable }) => `  ${gigabytes} GB in ${directory} (${variable})`),
    "Free some space, or set one of these variables to a directory on another disk.",
  ].join("\n");
}

async function freeGigabytes(directory: string): Promise<number> {
  const { bavail, bsize } = await fs.statfs(directory);
  return (bavail * bsize) / 1e9;
}

function nearest(directory: string): string {
  return existsSync(directory) ? directory : nearest(path.dirname(directory));
}

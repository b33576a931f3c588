import { statfs } from "node:fs/promises";
import * as path from "node:path";
import { execa } from "execa";

/** Linux' own numbers of file systems that lie on a disk or in the memory of one machine. */
const ofOneMachine = new Set([
  0xef53, // ext2 to ext4
  0x58465342, // xfs
  0x9123683e, // btrfs
  0x2fc12fc1, // zfs
  0xca451a4e, // bcachefs
  0xf2f52010, // f2fs
  0x01021994, // tmpfs
  0x794c7630, // overlay: of a container, whose layers are the machine's
]);

/**
 * Whether only this machine can write to the directory, so that whoever wrote there ran here: a network share has
 * several machines, and two of them may have one name. False where it isn't known.
 */
export async function isOwnDisk(directory: string): Promise<boolean> {
  const found = await nearest(directory);
  if (found === undefined) return false;
  if (process.platform === "linux") return ofOneMachine.has(found.type);
  // Elsewhere the numbers differ from version to version; df -l knows a share there.
  const { exitCode } = await execa("df", ["-l", found.directory], { reject: false });
  return exitCode === 0;
}

/** The file system of the directory, or of the nearest one above that there is. */
async function nearest(directory: string): Promise<{ directory: string; type: number } | undefined> {
  try {
    return { directory, type: (await statfs(directory)).type };
  } catch {
    const above = path.dirname(directory);
    return above === directory ? undefined : nearest(above);
  }
}

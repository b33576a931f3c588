import { mkdir } from "node:fs/promises";
import { execa } from "execa";
import { findInit, inside } from "../../local-cluster/instance/namespaces";
import { instanceDir } from "../../local-cluster/paths";
import { instance } from "./fixture";

const init = () => findInit(instanceDir(instance))!.pid;

/** A path inside these tests' instance, as this host sees it: with what is mounted there. */
export const insideInstance = (path: string) => inside(init(), path);

/**
 * Mounts a file system of that size (such as 4m) on a directory inside the instance, as a disk of its own; one that is
 * there gets the size.
 */
export async function mountDisk(directory: string, size: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const mount =
    'mountpoint -q "$1" && again=remount, || again=; mount -t tmpfs -o "${again}size=$2,mode=777" tmpfs "$1"';
  await execa("nsenter", ["--target", String(init()), "--mount", "sh", "-c", mount, "mount", directory, size]);
}

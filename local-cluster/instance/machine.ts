import { accessSync, constants, existsSync, readFileSync, statfsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { UserError } from "../../model/user-error";
import { run } from "./command";
import type { Abilities } from "./configs";

const PROGRAMS = ["unshare", "nsenter", "setsid", "mount", "umount", "ip"];
const FREE_GIB = 3;
const OVERLAY_FILE_SYSTEM = 0x794c7630;
const CAP_SYS_RESOURCE = 1n << 24n;
const ELSEWHERE = "You can use a cluster of your kubeconfig instead: npm start -- --context NAME";

/** Throws UserError with the first thing that this machine lacks for a local cluster. */
export async function checkMachine(): Promise<void> {
  if (process.platform !== "linux")
    throw new UserError(`The local cluster needs Linux; this is ${process.platform}. ${ELSEWHERE}`);
  if (process.getuid?.() !== 0)
    throw new UserError(`The local cluster needs root, for namespaces, mounts and control groups. ${ELSEWHERE}`);
  const missing = PROGRAMS.filter((program) => !onPath(program));
  if (missing.length > 0)
    throw new UserError(
      `The local cluster needs ${missing.join(", ")} on PATH; Debian has them in util-linux, mount and ` +
        `iproute2. ${ELSEWHERE}`,
    );
  for (const kind of ["pid", "mnt", "net"]) needs(existsSync(`/proc/self/ns/${kind}`), `${kind} namespaces`);
  const overlay = () => /\boverlay$/m.test(readFileSync("/proc/filesystems", "utf8"));
  needs(overlay() || ((await load("overlay")) && overlay()), "the overlay file system");
  const filter = () => existsSync("/proc/sys/net/bridge/bridge-nf-call-iptables");
  needs(filter() || ((await load("br_netfilter")) && filter()), "br_netfilter");
}

/** Throws UserError when the disk below the instance's directory is nearly full. */
export function checkDisk(dir: string): void {
  const { bavail, bsize } = statfsSync(dir);
  const free = (bavail * bsize) / 2 ** 30;
  if (free >= FREE_GIB) return;
  throw new UserError(
    `The local cluster needs ${FREE_GIB} GiB free at ${dir}, but only ${free.toFixed(1)} GiB are free. Nothing was ` +
      "started. Free some space, or set CLUSTER_STORAGE_STATE to a directory on another disk.",
  );
}

/** Images are copied if the directory is on an overlay, as inside a container: an overlay cannot hold another one. */
export function abilities(dir: string): Abilities {
  const capabilities = /^CapEff:\s*(\w+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0";
  return {
    snapshotter: statfsSync(dir).type === OVERLAY_FILE_SYSTEM ? "native" : "overlayfs",
    lowersOomScore: (BigInt(`0x${capabilities}`) & CAP_SYS_RESOURCE) !== 0n,
  };
}

/** Throws UserError for a name that can't be part of paths, control groups and contexts. */
export function checkName(name: string): void {
  if (/^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$/.test(name)) return;
  throw new UserError(
    `"${name}" cannot be the name of a local cluster. A name has 1 to 30 lower-case letters, digits and hyphens, ` +
      "and no hyphen at its start or end.",
  );
}

function needs(there: boolean, feature: string): void {
  if (!there)
    throw new UserError(`The local cluster needs ${feature}, and this machine's kernel does not have it. ${ELSEWHERE}`);
}

/** Loads a kernel module; false when that is not possible. */
async function load(module: string): Promise<boolean> {
  return run("modprobe", [module]).then(
    () => true,
    () => false,
  );
}

function onPath(program: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

import { execa, type ResultPromise } from "execa";
import { chmod, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";

interface Configured {
  Env: string[];
  Entrypoint?: string[];
  Cmd?: string[];
  WorkingDir?: string;
}

/** An image's file system on disk, with what its configuration says. */
export interface Unpacked {
  root: string;
  config: Configured;
}

export interface RunOptions {
  uid: number;
  /** Path in the container -> directory of the host. */
  mounts?: Record<string, string>;
  /** Fresh memory file systems, as an emptyDir is. */
  empty?: string[];
  env?: Record<string, string>;
  args?: string[];
  /** For an image that writes beside its program. Default: the root is read-only. */
  writable?: boolean;
}

export async function unpackArchive(archive: string): Promise<Unpacked> {
  const root = await mkdtemp(path.join(tmpdir(), "image-"));
  await chmod(root, 0o755);
  const work = await mkdtemp(path.join(tmpdir(), "archive-"));
  await execa("tar", ["-xf", archive, "-C", work]);
  const [manifest] = JSON.parse(await readFile(path.join(work, "manifest.json"), "utf8")) as [
    { Config: string; Layers: string[] },
  ];
  for (const layer of manifest.Layers) await execa("tar", ["-xf", path.join(work, layer), "-C", root]);
  for (const point of ["dev", "proc"]) await mkdir(path.join(root, point), { recursive: true });
  const { config } = JSON.parse(await readFile(path.join(work, manifest.Config), "utf8")) as { config: Configured };
  await execa("rm", ["-r", work]);
  return { root, config };
}

/** Mounts are made before the user changes; the root is read-only, like most of the catalogue's. */
const PREPARE = `
set -e
root=$1 mounts=$2 empty=$3 rights=$4; shift 4
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
[ ! -d "$root/etc" ] || printf '127.0.0.1 localhost %s\\n' "$(hostname)" >"$root/etc/hosts"
for pair in $mounts; do mkdir -p "$root\${pair%%=*}"; mount --bind "\${pair#*=}" "$root\${pair%%=*}"; done
for point in $empty; do mkdir -p "$root$point"; mount -t tmpfs -o mode=1777 tmpfs "$root$point"; done
mount -o "remount,bind,$rights" "$root"
ip link set lo up
exec "$@"
`;

/** Starts the image the way a container would, as process 1 of its own namespaces. */
export function runImage(
  { root, config }: Unpacked,
  { uid, mounts = {}, empty = [], env = {}, args = config.Cmd ?? [], writable }: RunOptions,
): ResultPromise {
  const pairs = Object.entries(mounts).map(([target, source]) => `${target}=${source}`);
  const command = [...(config.Entrypoint ?? []), ...args];
  const enter = [
    "unshare",
    `--root=${root}`,
    `--wd=${config.WorkingDir ?? "/"}`,
    `--setgid=${uid}`,
    `--setuid=${uid}`,
    ...command,
  ];
  return execa(
    "unshare",
    [
      "--mount",
      "--pid",
      "--net",
      "--fork",
      "--propagation=private",
      "sh",
      "-c",
      PREPARE,
      "sh",
      root,
      pairs.join(" "),
      empty.join(" "),
      writable ? "rw" : "ro",
      ...enter,
    ],
    { env: environment(config, env), extendEnv: false, all: true, reject: false },
  );
}

/** Runs a command beside a running image, as the same user. */
export async function execIn(
  image: Unpacked,
  running: ResultPromise,
  uid: number,
  command: string[],
  env: Record<string, string> = {},
) {
  const inside = await firstProcess(running);
  const flags = [
    `--target=${inside}`,
    "--all",
    `--root=/proc/${inside}/root`,
    `--wd=/proc/${inside}/root`,
    `--setgid=${uid}`,
    `--setuid=${uid}`,
  ];
  return execa("nsenter", [...flags, ...command], {
    env: environment(image.config, env),
    extendEnv: false,
    reject: false,
    all: true,
  });
}

/** Sends the signal to the container's first process, as the kubelet does, and waits for its end. */
export async function signal(running: ResultPromise, name: NodeJS.Signals) {
  process.kill(await firstProcess(running), name);
  return running;
}

/** Ends an image that still runs, and removes its directories. */
export async function putAway(running: ResultPromise, directories: string[]): Promise<void> {
  if (running.exitCode === null) await signal(running, "SIGKILL").catch(() => undefined);
  for (const directory of directories) await rm(directory, { recursive: true });
}

/** Once the user has changed, the kernel ends the container with its first process but no longer with `unshare`. */
async function firstProcess(running: ResultPromise): Promise<number> {
  return Number(await readFile(`/proc/${running.pid}/task/${running.pid}/children`, "utf8"));
}

function environment(config: Configured, env: Record<string, string>): Record<string, string> {
  return {
    ...Object.fromEntries(
      config.Env.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
    ),
    ...env,
  };
}

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { SshNode } from "../ssh-node/node";
import { until } from "./state";

/** A disk of `disksOf` by the name that it has there. */
export const disk = (name: string) => `/dev/disk/by-id/${name}`;

/** A node with a step of each kind that the machine can make. */
export const whole = {
  packages: ["kept-tool"],
  volumeGroups: { vg0: [disk("group")] },
  mounts: { "/mnt/data": { device: disk("data"), fileSystem: "ext4" } },
  directories: { "/mnt/data/local-path": { mode: "0750" } },
};

/** Places of the node where its system writes by itself. */
const noise = ["/proc", "/sys", "/dev", "/run", "/tmp", "/var/log", "/var/cache", "/var/lib/apt"];

/** All that is on the node: each file with its owner, mode, size and time, what is mounted, and LVM's groups. */
export const treeOf = ({ run }: SshNode): Promise<string> => {
  const skip = noise.map((path) => `-path ${path} -prune -o`).join(" ");
  const files = `find / ${skip} -printf '%p %m %U:%G %s %T@ %l\\n' | sort`;
  return run(["sh", "-c", `${files}; grep -v ' /proc' /proc/self/mounts; vgs --noheadings; cat /etc/fstab`]);
};

/** A line of the node's private key that is in no other key. */
export const keyTextOf = async ({ keyFile }: SshNode): Promise<string> =>
  (await readFile(keyFile, "utf8")).split("\n").at(-4)!;

/** Gives the node's apt a source with one package, `kept-tool`, which has nothing in it. */
export async function offerPackage({ run, inside }: SshNode): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "package-"));
  const fields = "Package: kept-tool\nVersion: 1.0\nArchitecture: all\nMaintainer: tests <tests@example.org>\n";
  const control = `${fields}Description: nothing\n`;
  await execa("mkdir", ["-p", join(folder, "kept-tool/DEBIAN")]);
  await writeFile(join(folder, "kept-tool/DEBIAN/control"), control);
  await execa("dpkg-deb", ["--build", "--root-owner-group", "kept-tool"], { cwd: folder });
  const file = join(folder, "kept-tool.deb");
  const { stdout: sum } = await execa("sha256sum", [file]);
  const { length } = await readFile(file);
  await run(["mkdir", "/packages"]);
  await writeFile(inside("/packages/kept-tool.deb"), await readFile(file));
  const entry = `Filename: ./kept-tool.deb\nSize: ${length}\nSHA256: ${sum.split(" ")[0]}\n`;
  await writeFile(inside("/packages/Packages"), `${fields}${entry}Description: nothing\n`);
  await writeFile(inside("/etc/apt/sources.list"), "deb [trusted=yes] file:/packages ./\n");
  await rm(folder, { recursive: true });
}

/** A run of the CLI that was begun; it ends by itself. */
type Running = Promise<{ exitCode?: number | undefined; all: string }>;

/**
 * Makes `mkfs.ext4` of the node wait, as on a large disk. `begun`: until it is at work; throws with what the run has
 * printed where that ends before.
 */
export async function slowMkfs({
  run,
}: SshNode): Promise<{ begun(by: Running): Promise<void>; release(): Promise<void> }> {
  const program = "/usr/local/sbin/mkfs.ext4";
  const script = `#!/bin/sh
: > /tmp/begun
while [ -e /tmp/hold ]; do sleep 0.1; done
exec /usr/sbin/mkfs.ext4 "$@"
`;
  await run(["sh", "-c", `mkdir -p /usr/local/sbin; : > /tmp/hold; cat > ${program}; chmod 755 ${program}`], script);
  return {
    async begun(by) {
      let early: string | undefined;
      void by.then(({ exitCode, all }) => (early = `the run ended (${exitCode}) before mkfs was at work:\n${all}`));
      const holds = async () => {
        if (early !== undefined) throw new Error(early);
        return run(["sh", "-c", "! test -e /tmp/begun || echo yes"]);
      };
      await until("mkfs is at work", holds, 300); // on a busy machine an update takes minutes until then
    },
    release: async () => void (await run(["rm", "-f", "/tmp/hold", "/tmp/begun", program])),
  };
}

import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { execa } from "execa";
import { waitFor } from "../../local-cluster/instance/processes";
import type { SshNode } from "./node";

/** Disks of a node, which are files of this machine. */
export interface Disks {
  /** Gives the node an empty disk of that many MiB; it is at /dev/disk/by-id/NAME there. */
  add(name: string, size: number): Promise<void>;
  /** Writes to a disk from this machine. */
  fill(name: string, from: number, text: string): Promise<void>;
  /** The hash of all that is on it. */
  hash(name: string): Promise<string>;
  /** Takes the disks away, after the node. */
  remove(): Promise<void>;
}

/** No disk yet. */
export async function disksOf(node: SshNode): Promise<Disks> {
  const folder = await mkdtemp(join(tmpdir(), "ssh-node-disks-"));
  const loops = new Map<string, string>();
  return {
    async add(name, size) {
      const file = join(folder, name);
      await writeFile(file, "");
      await truncate(file, size * 2 ** 20);
      const { stdout: loop } = await execa("losetup", ["--find", "--show", file]);
      loops.set(name, loop);
      const { stdout: number } = await execa("stat", ["-c", "%r", loop]);
      const [major, minor] = [Number(number) >> 8, Number(number) & 255].map(String);
      await node.run(["mknod", "-m", "660", loop, "b", major!, minor!]);
      await node.run(["ln", "-s", `../../${basename(loop)}`, `/dev/disk/by-id/${name}`]);
    },
    async fill(name, from, text) {
      await execa("dd", [`of=${loops.get(name)}`, "bs=1", `seek=${from}`, "conv=notrunc,fsync"], { input: text });
    },
    async hash(name) {
      await execa("blockdev", ["--flushbufs", loops.get(name)!]);
      return createHash("sha256")
        .update(await readFile(join(folder, name)))
        .digest("hex");
    },
    async remove() {
      // The kernel ends the mounts of the node's namespace a moment after its processes.
      for (const loop of loops.values()) {
        await execa("losetup", ["--detach", loop]);
        const free = isGone(loop); // in use, it goes when its last mount does
        if (!(await waitFor(20, free))) throw new Error(`${loop} is still in use`);
      }
      await rm(folder, { recursive: true });
    },
  };
}

const isGone = (loop: string) => async (): Promise<boolean> =>
  (await execa("losetup", [loop], { reject: false })).exitCode !== 0;

import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** A call as the fake talosctl records it. */
export interface Call {
  argv: string[];
  /** As /proc/PID/cmdline has it. */
  cmdline: string;
}

/** What a node of the fake has; sizes in bytes. */
export interface FakeNode {
  /** In the cluster. */
  name: string;
  version: string;
  systemDisk: string;
  extensions: string[];
  mounts: object[];
  disks: Record<string, object>;
  discoveredvolumes: Record<string, object>;
  volumestatus: Record<string, Record<string, unknown>>;
  volumeconfigs: Record<string, Record<string, unknown>>;
  /** Of its image, from the image factory. */
  schematic?: string;
  /** The extensions of other images, by schematic. */
  inImage?: Record<string, string[]>;
  /** It doesn't answer. */
  away?: boolean;
  /** The error with which it answers every call. */
  says?: string;
  /** What it answers instead, by resource. */
  half?: Record<string, string>;
  /** Why it makes no volume. */
  fail?: string;
}

export const GiB = 2 ** 30;

/** A node with a system disk and an empty one of `size`. */
export const talosNode = (more: Partial<FakeNode> = {}, size = 500 * GiB): FakeNode => ({
  name: "worker-1",
  version: "v1.13.0",
  systemDisk: "/dev/sda",
  extensions: [],
  mounts: [],
  disks: {
    sda: { dev_path: "/dev/sda", size: 100 * GiB, model: "System", serial: "SYS" },
    sdb: { dev_path: "/dev/sdb", size, model: "Data", serial: "DATA", symlinks: ["/dev/disk/by-id/ata-DATA"] },
  },
  discoveredvolumes: {
    sda: { dev_path: "/dev/sda", type: "disk", offset: 0, size: 100 * GiB, name: "gpt" },
    sda4: {
      dev_path: "/dev/sda4",
      parent_dev_path: "/dev/sda",
      offset: GiB,
      size: 99 * GiB,
      partition_label: "EPHEMERAL",
    },
    sdb: { dev_path: "/dev/sdb", type: "disk", offset: 0, size, name: "" },
  },
  volumestatus: { EPHEMERAL: { phase: "ready", type: "partition", size: 99 * GiB } },
  volumeconfigs: {},
  ...more,
});

/** A folder with the fake's nodes, and with `talosctl` for the PATH. */
export class FakeTalos {
  readonly folder = mkdtempSync(join(tmpdir(), "fake-talos-"));
  readonly bin = join(this.folder, "bin");
  /** For whoever runs it. */
  readonly env: { PATH: string; FAKE_TALOS: string };

  constructor() {
    mkdirSync(this.bin);
    const program = join(__dirname, "talosctl.cjs");
    chmodSync(program, 0o755);
    symlinkSync(program, join(this.bin, "talosctl"));
    this.env = { PATH: [this.bin, process.env.PATH].join(delimiter), FAKE_TALOS: this.folder };
  }

  set(address: string, node: FakeNode): void {
    writeFileSync(join(this.folder, `${address}.json`), JSON.stringify(node));
  }

  get(address: string): FakeNode {
    return JSON.parse(readFileSync(join(this.folder, `${address}.json`), "utf8")) as FakeNode;
  }

  calls(): Call[] {
    const file = join(this.folder, "calls.jsonl");
    const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
    return lines.map((line) => JSON.parse(line) as Call);
  }

  /** The calls that change something. */
  changes(): string[][] {
    return this.calls()
      .map(({ argv }) => argv)
      .filter((argv) => !argv.includes("get"));
  }

  forget(): void {
    rmSync(join(this.folder, "calls.jsonl"), { force: true });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

import { spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseLooks } from "../../../nodes/linux/facts";
import { type Job, lookScript, makeScript } from "../../../nodes/linux/shell";

/** A directory that stands for a node's root, with programs of its own before the machine's. */
export class Ground {
  readonly root = mkdtempSync(join(tmpdir(), "node-"));
  private readonly bin = join(this.root, "bin");

  private others = "/usr/sbin:/usr/bin:/sbin:/bin";

  /** `moved`: beginnings of paths that are below it, and not the machine's. */
  constructor(private readonly moved: readonly string[]) {
    mkdirSync(this.bin);
    this.program("id", "case $1 in -u) echo 0;; *) echo root;; esac");
    this.program("flock", "exit 0");
  }

  /** A program that notes its arguments in `calls`, and then runs these lines. */
  program(name: string, lines: string): void {
    writeFileSync(join(this.bin, name), `#!/bin/sh\necho "${name} $*" >>"${this.root}/calls"\n${lines}\n`);
    chmodSync(join(this.bin, name), 0o755);
  }

  /** The machine's programs are there but for these, as on another distribution. */
  without(...names: string[]): void {
    const folder = join(this.root, "others");
    mkdirSync(folder);
    const all = ["/usr/bin", "/usr/sbin"].flatMap((from) => readdirSync(from).map((name) => [name, join(from, name)]));
    for (const [name, path] of new Map(all as [string, string][]))
      if (!names.includes(name)) symlinkSync(path, join(folder, name));
    this.others = folder;
  }

  file(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  read = (path: string) => readFileSync(join(this.root, path), "utf8");

  /** What programs were called that change something, by these names. */
  calls(...names: string[]): string[] {
    return this.read("calls")
      .split("\n")
      .filter((line) => names.includes(line.split(" ")[0] ?? ""));
  }

  /** Runs a script, with the node's paths in place of the machine's. */
  private run(script: string) {
    const paths = this.moved.map((path) => path.replaceAll(/[/.[\]]/g, "\\$&"));
    const own = script
      .replace(/^PATH=.*$/m, `PATH=${this.bin}:${this.others}`)
      .replaceAll("/run/cluster-storage-node.lock", `${this.root}/lock`)
      .replaceAll(new RegExp(`(?<![\\w/])(${paths.join("|")})`, "g"), `${this.root}$1`);
    const { status, stdout, stderr } = spawnSync("sh", ["-s"], { encoding: "utf8", input: own });
    const plain = (text: string) => text.replaceAll(this.root, "").trimEnd();
    return { status, stdout: plain(stdout), stderr: plain(stderr) };
  }

  make(job: Job): { status: number | null; said: string } {
    const { status, stdout, stderr } = this.run(makeScript(job));
    return { status, said: [stdout, stderr].filter(Boolean).join("\n") };
  }

  look = (job: Job) => parseLooks(this.run(lookScript([{ ...job, id: "it" }], [])).stdout)?.looks.it;

  remove = () => rmSync(this.root, { recursive: true, force: true });
}

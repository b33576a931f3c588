import { spawn } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";

export interface CopyOptions {
  /** Files that are there already stay. */
  keep: boolean;
  /** Called with the number of bytes that have been written so far. */
  onBytes: (bytes: number) => void;
}

/**
 * Copies the tree's content with GNU cp. cp's errors are returned and not judged, because everything is compared
 * afterwards: a root directory that belongs to another user, or a lost+found, is no fault.
 */
export async function copyTree(source: string, target: string, { keep, onBytes }: CopyOptions): Promise<string> {
  const options = ["--archive", "--sparse=auto", ...(keep ? [await keepOption()] : [])];
  return run("cp", [...options, "--", `${source}/.`, `${target}/`], onBytes);
}

/** Newer versions of cp warn about the old option, and old versions don't know the new one. */
async function keepOption(): Promise<string> {
  const known = await run("cp", ["--update=none", "--version"]);
  return known === "" ? "--update=none" : "--no-clobber";
}

/**
 * Runs a program and returns what it wrote to standard error; empty when it went well. `onBytes` is called with the
 * number of bytes that it has written so far.
 */
export function run(program: string, args: string[], onBytes?: (bytes: number) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, LC_ALL: "C" } });
    const written = new Written(child.pid);
    const timer = onBytes && setInterval(() => onBytes(written.bytes()), 500);
    let errors = "";
    child.stderr.on("data", (chunk) => {
      // When a disk is full of errors, the first are enough.
      if (errors.length < 4000) errors += chunk;
    });
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearInterval(timer);
      resolve(code === 0 ? "" : errors.trim() || `${program} ended with ${signal ?? `code ${code}`}`);
    });
  });
}

/**
 * How much a program has written. The kernel counts a write call only when it is done, and cp may copy a large file in
 * one call. So the size of the file that is still open is added.
 */
class Written {
  readonly #proc: string;
  #file = "";
  #before = 0;

  constructor(pid: number | undefined) {
    this.#proc = `/proc/${pid}`;
  }

  bytes(): number {
    try {
      const counted = Number(/^wchar: (\d+)$/m.exec(readFileSync(`${this.#proc}/io`, "utf8"))?.[1] ?? 0);
      const { name, size } = this.#open();
      if (name !== this.#file) this.#before = counted;
      this.#file = name;
      return Math.max(counted, this.#before + size);
    } catch {
      return 0; // It has just ended.
    }
  }

  /** The file that was opened last, which cp writes to. */
  #open(): { name: string; size: number } {
    const descriptors = readdirSync(`${this.#proc}/fd`)
      .map(Number)
      .filter((fd) => fd > 2);
    const files = descriptors.map((fd) => statSync(`${this.#proc}/fd/${fd}`)).filter((stat) => stat.isFile());
    const last = files.at(-1);
    return last
      ? { name: `${last.dev}:${last.ino}`, size: Math.min(last.size, last.blocks * 512) }
      : { name: "", size: 0 };
  }
}

// @ts-check
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";

/**
 * Copies the trees' content with GNU cp, and reports the bytes written. What cp says went wrong is returned and not
 * judged: everything is compared afterwards, and a root directory that isn't ours or a lost+found is no fault.
 * @param {string} source @param {string} target @param {{ keep: boolean, onBytes: (bytes: number) => void }} options keep: what is there already stays
 * @returns {Promise<string>}
 */
export async function copyTree(source, target, { keep, onBytes }) {
  const options = ["--archive", "--sparse=auto", ...(keep ? [await keepOption()] : [])];
  return run("cp", [...options, "--", `${source}/.`, `${target}/`], onBytes);
}

/** Newer versions warn of the old option, old ones don't know the new one. */
async function keepOption() {
  const known = await run("cp", ["--update=none", "--version"]);
  return known === "" ? "--update=none" : "--no-clobber";
}

/**
 * Runs a program and returns what it wrote to standard error, empty when it went well.
 * @param {string} program @param {string[]} args @param {(bytes: number) => void} [onBytes] how much it has written so far
 * @returns {Promise<string>}
 */
export function run(program, args, onBytes) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, LC_ALL: "C" } });
    const progress = new Written(child.pid);
    const timer = onBytes && setInterval(() => onBytes(progress.bytes()), 500);
    let errors = "";
    child.stderr.on("data", (chunk) => {
      // Of a disk full of errors the first are enough.
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
 * How much a program has written. The kernel counts a call when it is done, and cp may copy a large file in one: what
 * the file that is open has meanwhile is added.
 */
class Written {
  #file = "";
  #before = 0;

  /** @param {number | undefined} pid */
  constructor(pid) {
    this.proc = `/proc/${pid}`;
  }

  bytes() {
    try {
      const counted = Number(/^wchar: (\d+)$/m.exec(readFileSync(`${this.proc}/io`, "utf8"))?.[1] ?? 0);
      const { name, size } = this.#open();
      if (name !== this.#file) this.#before = counted;
      this.#file = name;
      return Math.max(counted, this.#before + size);
    } catch {
      return 0; // It has just ended.
    }
  }

  /** The file that was opened last, which cp writes to. */
  #open() {
    const descriptors = readdirSync(`${this.proc}/fd`)
      .map(Number)
      .filter((fd) => fd > 2);
    const files = descriptors.map((fd) => statSync(`${this.proc}/fd/${fd}`)).filter((stat) => stat.isFile());
    const last = files.at(-1);
    return last
      ? { name: `${last.dev}:${last.ino}`, size: Math.min(last.size, last.blocks * 512) }
      : { name: "", size: 0 };
  }
}

// @ts-check
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

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
    const timer = onBytes && setInterval(() => onBytes(written(child.pid)), 500);
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

/** @param {number | undefined} pid */
function written(pid) {
  try {
    return Number(/^wchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0; // It has just ended.
  }
}

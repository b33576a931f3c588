// @ts-check
import { chmodSync, lchownSync, linkSync, mkdirSync, renameSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { run } from "./cp.mjs";
import { below } from "./walk.mjs";

/** @import { Entry } from "./walk.mjs" */

const separator = "/".charCodeAt(0);

/** What tar leaves out, or knows only one name of. @param {Entry} entry */
export const isNode = ({ type }) => type === "socket" || type === "fifo";

/**
 * Makes the sockets and fifos of a tree, in directories that get their own modes and times afterwards. Returns what
 * went
 * wrong.
 * @param {string} target @param {Entry[]} nodes
 */
export async function makeNodes(target, nodes) {
  /** @type {Map<string, Buffer>} */
  const made = new Map();
  /** @type {string[]} */
  const complaints = [];
  for (const entry of nodes) {
    const [full, other] = [below(target, entry.path), made.get(entry.inode)];
    try {
      mkdirSync(full.subarray(0, full.lastIndexOf(separator)), { recursive: true, mode: 0o700 });
      if (other) linkSync(other, full);
      else await makeNode(target, full, entry);
      made.set(entry.inode, full);
    } catch (error) {
      complaints.push(/** @type {Error} */ (error).message);
    }
  }
  return complaints;
}

/**
 * A socket's own path has to be short and text, as a program's arguments, so it's made in the root. @param {string}
 * target @param {Buffer} path @param {Entry} entry
 */
async function makeNode(target, path, { type, mode, uid, gid, mtime }) {
  const short = join(target, ".cluster-storage-node");
  const close = type === "socket" ? await listen(short) : await makeFifo(short);
  try {
    lchownSync(short, uid, gid);
    chmodSync(short, mode);
    await run("touch", ["--no-create", `--date=${dateOf(mtime)}`, short]);
    // Closed under the name that it was opened by, a socket would be removed.
    renameSync(short, path);
  } finally {
    close();
  }
}

/** @param {string} path */
async function listen(path) {
  const server = createServer();
  await new Promise((resolve, reject) => server.once("error", reject).listen(path, () => resolve(undefined)));
  return () => void server.close();
}

/** @param {string} path */
async function makeFifo(path) {
  const fault = await run("mkfifo", [path]);
  if (fault) throw new Error(fault);
  return () => undefined;
}

/**
 * A time as GNU's programs take it: no number of Node's has its nanoseconds. @param {bigint} time in nanoseconds since
 * 1970
 */
export function dateOf(time) {
  const size = time < 0n ? -time : time;
  return `@${time < 0n ? "-" : ""}${size / 1_000_000_000n}.${String(size % 1_000_000_000n).padStart(9, "0")}`;
}

import { chmodSync, lchownSync, linkSync, mkdirSync, renameSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { errorOf } from "../faults";
import { run } from "./cp";
import { below, type Entry } from "./walk";

const separator = "/".charCodeAt(0);

/** Whether tar leaves the entry out, or keeps only one of its names. */
export const isNode = ({ type }: Entry) => type === "socket" || type === "fifo";

/**
 * Makes the sockets and fifos of a tree, in directories that get their own modes and times afterwards. Returns what
 * went wrong.
 */
export async function makeNodes(target: string, nodes: Entry[]): Promise<string[]> {
  const made = new Map<string, Buffer>();
  const complaints: string[] = [];
  for (const entry of nodes) {
    const [full, other] = [below(target, entry.path), made.get(entry.inode)];
    try {
      mkdirSync(full.subarray(0, full.lastIndexOf(separator)), { recursive: true, mode: 0o700 });
      if (other) linkSync(other, full);
      else await makeNode(target, full, entry);
      made.set(entry.inode, full);
    } catch (error) {
      complaints.push(errorOf(error).message);
    }
  }
  return complaints;
}

/**
 * Makes the node in the root and then renames it, because a socket's own path has to be short and a program's arguments
 * have to be text.
 */
async function makeNode(target: string, path: Buffer, { type, mode, uid, gid, mtime }: Entry): Promise<void> {
  const short = join(target, ".cluster-storage-node");
  const close = type === "socket" ? await listen(short) : await makeFifo(short);
  try {
    lchownSync(short, uid, gid);
    chmodSync(short, mode);
    await run("touch", ["--no-create", `--date=${dateOf(mtime)}`, short]);
    // The socket is renamed first, because a closing server removes its socket by the name under which it was opened.
    renameSync(short, path);
  } finally {
    close();
  }
}

async function listen(path: string): Promise<() => void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(path, resolve));
  return () => void server.close();
}

async function makeFifo(path: string): Promise<() => void> {
  const fault = await run("mkfifo", [path]);
  if (fault) throw new Error(fault);
  return () => undefined;
}

/**
 * A time in the form that GNU programs accept. A number in Node can't hold its
 * nanoseconds. `time`: nanoseconds since 1970.
 */
export function dateOf(time: bigint): string {
  const size = time < 0n ? -time : time;
  return `@${time < 0n ? "-" : ""}${size / 1_000_000_000n}.${String(size % 1_000_000_000n).padStart(9, "0")}`;
}

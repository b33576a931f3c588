// @ts-check
import { lstatSync, readdirSync, readlinkSync } from "node:fs";

/**
 * What a tree has at one path. Paths are bytes: a file system asks for no encoding.
 * @typedef {{
 *   path: Buffer, key: string, type: "file" | "directory" | "symlink" | "fifo" | "socket" | "device",
 *   mode: number, uid: number, gid: number, size: number, disk: number, mtime: bigint, inode: string, links: number,
 * target?: Buffer
 * }} Entry
 */

/** A file system's own; it isn't the volume's data, and only root may read it. */
export const lostAndFound = "lost+found";

/** In the target's root while it is incomplete. */
export const markerName = ".cluster-storage-copy-in-progress";

/** In the target's root: a stream's content before it is whole, and while it takes the place of what was there. */
export const incomingName = ".cluster-storage-incoming";
export const arrivingName = ".cluster-storage-arriving";

/** Of a volume's root, and no data of its service. */
const notData = [lostAndFound, markerName, incomingName, arrivingName];

const separator = Buffer.from("/");

/** @param {string | Buffer} root @param {Buffer} path */
export const below = (root, path) => Buffer.concat([Buffer.from(root), separator, path]);

/**
 * Everything below `root`, parents first, each directory in the order of its inodes: that's how cp reads it, so who
 * walks along finds in memory what cp has read. What can't be read is reported with its error and left out; what
 * vanishes meanwhile (a service at work) is left out.
 * @param {string} root @param {(path: Buffer, error: NodeJS.ErrnoException) => void} unreadable
 */
export function walk(root, unreadable) {
  /** @type {Entry[]} */
  const entries = [];
  descend(root, Buffer.alloc(0), entries, unreadable);
  return entries;
}

/** @param {string} root @param {Buffer} directory @param {Entry[]} entries @param {(path: Buffer, error: NodeJS.ErrnoException) => void} unreadable */
function descend(root, directory, entries, unreadable) {
  const children = readEntries(root, directory, unreadable).sort((a, b) =>
    BigInt(a.inode.split(":")[1] ?? 0) < BigInt(b.inode.split(":")[1] ?? 0) ? -1 : 1,
  );
  for (const child of children) {
    entries.push(child);
    if (child.type === "directory") descend(root, child.path, entries, unreadable);
  }
}

/** @param {string} root @param {Buffer} directory @param {(path: Buffer, error: NodeJS.ErrnoException) => void} unreadable @returns {Entry[]} */
function readEntries(root, directory, unreadable) {
  const names =
    attempt(directory, unreadable, () =>
      readdirSync(directory.length ? below(root, directory) : root, { encoding: "buffer" }),
    ) ?? [];
  return names.flatMap((name) => {
    if (directory.length === 0 && notData.includes(name.toString("latin1"))) return [];
    const path = directory.length ? below(directory, name) : name;
    return attempt(path, unreadable, () => entryAt(root, path)) ?? [];
  });
}

/**
 * @template T @param {Buffer} path @param {(path: Buffer, error: NodeJS.ErrnoException) => void} unreadable @param {()
 * => T} read @returns {T | undefined}
 */
function attempt(path, unreadable, read) {
  try {
    return read();
  } catch (thrown) {
    const error = /** @type {NodeJS.ErrnoException} */ (thrown);
    if (error.code !== "ENOENT") unreadable(path, error);
    return undefined;
  }
}

/** @param {string} root @param {Buffer} path @returns {Entry} */
function entryAt(root, path) {
  const full = below(root, path);
  const stat = lstatSync(full, { bigint: true });
  const type = typeOf(stat);
  return {
    path,
    key: path.toString("latin1"),
    type,
    mode: Number(stat.mode & 0o7777n),
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    size: type === "file" ? Number(stat.size) : 0,
    disk: Number(stat.blocks) * 512,
    mtime: stat.mtimeNs,
    inode: `${stat.dev}:${stat.ino}`,
    links: type === "directory" ? 1 : Number(stat.nlink),
    ...(type === "symlink" && { target: readlinkSync(full, { encoding: "buffer" }) }),
  };
}

/** @param {import("node:fs").BigIntStats} stat @returns {Entry["type"]} */
function typeOf(stat) {
  if (stat.isFile()) return "file";
  if (stat.isDirectory()) return "directory";
  if (stat.isSymbolicLink()) return "symlink";
  if (stat.isFIFO()) return "fifo";
  return stat.isSocket() ? "socket" : "device";
}

/** The first path of each inode. @param {Entry[]} entries */
export function distinct(entries) {
  const seen = new Set();
  return entries.filter(({ links, inode }) => links === 1 || (!seen.has(inode) && seen.add(inode)));
}

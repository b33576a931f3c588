import { lstatSync, readdirSync, readlinkSync, type BigIntStats } from "node:fs";
import { codeOf } from "../faults";

/** The entry of a tree at one path. */
export interface Entry {
  /** Relative to the tree's root. Paths are bytes, because a file system requires no encoding. */
  path: Buffer;
  /** The path as text: each byte is the character with the same number. */
  key: string;
  type: "file" | "directory" | "symlink" | "fifo" | "socket" | "device";
  mode: number;
  uid: number;
  gid: number;
  /** Bytes of a regular file's content; 0 of anything else. */
  size: number;
  /** Bytes in use on the disk. */
  disk: number;
  /** Nanoseconds since 1970. */
  mtime: bigint;
  /** The same for all names of one file. */
  inode: string;
  links: number;
  /** Of a symbolic link. */
  target?: Buffer;
}

/** Called with a path that can't be read, and the reason. */
export type Unreadable = (path: Buffer, code: string) => void;

/** A directory of the file system itself: it isn't the volume's data, and only root may read it. */
export const lostAndFound = "lost+found";

/** In the target's root while it is incomplete. */
export const markerName = ".cluster-storage-copy-in-progress";

/** In the target's root: a stream's content until it is whole, and while it replaces the earlier content. */
export const incomingName = ".cluster-storage-incoming";
export const arrivingName = ".cluster-storage-arriving";

/** Names in a volume's root that are no data of its service. */
const notData = [lostAndFound, markerName, incomingName, arrivingName];

const separator = Buffer.from("/");

export const below = (root: string | Buffer, path: Buffer) => Buffer.concat([Buffer.from(root), separator, path]);

/**
 * Everything below `root`, parents first, each directory in the order of its inodes. cp reads it in that order, so a
 * second reader finds in memory what cp has read. What can't be read is reported and left out. What vanishes meanwhile,
 * because a service is at work, is left out.
 */
export function walk(root: string, unreadable: Unreadable): Entry[] {
  const entries: Entry[] = [];
  descend(root, Buffer.alloc(0), entries, unreadable);
  return entries;
}

function descend(root: string, directory: Buffer, entries: Entry[], unreadable: Unreadable): void {
  const inodeOf = ({ inode }: Entry) => BigInt(inode.split(":")[1] ?? 0);
  const children = readEntries(root, directory, unreadable).sort((a, b) => (inodeOf(a) < inodeOf(b) ? -1 : 1));
  for (const child of children) {
    entries.push(child);
    if (child.type === "directory") descend(root, child.path, entries, unreadable);
  }
}

function readEntries(root: string, directory: Buffer, unreadable: Unreadable): Entry[] {
  const full = directory.length ? below(root, directory) : root;
  const names = attempt(directory, unreadable, () => readdirSync(full, { encoding: "buffer" })) ?? [];
  return names.flatMap((name) => {
    if (directory.length === 0 && notData.includes(name.toString("latin1"))) return [];
    const path = directory.length ? below(directory, name) : name;
    return attempt(path, unreadable, () => entryAt(root, path)) ?? [];
  });
}

function attempt<T>(path: Buffer, unreadable: Unreadable, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const code = codeOf(error);
    if (code !== "ENOENT") unreadable(path, code);
    return undefined;
  }
}

function entryAt(root: string, path: Buffer): Entry {
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

function typeOf(stat: BigIntStats): Entry["type"] {
  if (stat.isFile()) return "file";
  if (stat.isDirectory()) return "directory";
  if (stat.isSymbolicLink()) return "symlink";
  if (stat.isFIFO()) return "fifo";
  return stat.isSocket() ? "socket" : "device";
}

/** The first path of each inode. */
export function distinct(entries: Entry[]): Entry[] {
  const seen = new Set<string>();
  return entries.filter(({ links, inode }) => links === 1 || (!seen.has(inode) && seen.add(inode)));
}

/** The regular files, each once, and the sum of their sizes in bytes. */
export function filesOf(entries: Entry[]): { files: Entry[]; bytes: number } {
  const files = distinct(entries.filter(({ type }) => type === "file"));
  return { files, bytes: files.reduce((sum, { size }) => sum + size, 0) };
}

export const directoriesOf = (entries: Entry[]) => entries.filter(({ type }) => type === "directory");

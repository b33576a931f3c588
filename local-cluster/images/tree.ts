import { tarOf } from "./tar";

/** One entry of an image's file system. Owner and mode are what the container sees. */
export interface TreeEntry {
  type: "file" | "directory" | "symlink";
  mode: number;
  uid: number;
  gid: number;
  /** Of a file: what is in it, or the path on this machine of a file that has it. */
  body?: Buffer | string;
  /** Of a symlink: what it points at. */
  target?: string;
}

/** Absolute path without the leading slash -> entry. Parents are always there. */
export type FileTree = Map<string, TreeEntry>;

export interface Ownership {
  /** Default: 0755 for directories and programs. */
  mode?: number;
  /** Default: 0, and the group is the user's number unless given. */
  uid?: number;
  gid?: number;
}

export function addDirectory(tree: FileTree, path: string, { mode = 0o755, uid = 0, gid = uid }: Ownership = {}): void {
  addParents(tree, path);
  tree.set(path, { type: "directory", mode, uid, gid });
}

export function addFile(
  tree: FileTree,
  path: string,
  body: Buffer | string,
  { mode = 0o755, uid = 0, gid = uid }: Ownership = {},
): void {
  addParents(tree, path);
  tree.set(path, { type: "file", mode, uid, gid, body: Buffer.from(body as Buffer) });
}

/** Adds the file of this machine at `source`, which is read when the layer is written. */
export function addFileFrom(tree: FileTree, path: string, source: string, { mode }: { mode: number }): void {
  addParents(tree, path);
  tree.set(path, { type: "file", mode, uid: 0, gid: 0, body: source });
}

export function addSymlink(tree: FileTree, path: string, target: string): void {
  addParents(tree, path);
  tree.set(path, { type: "symlink", mode: 0o777, uid: 0, gid: 0, target });
}

function addParents(tree: FileTree, path: string): void {
  const parts = path.split("/").slice(0, -1);
  for (let depth = 1; depth <= parts.length; depth++) {
    const parent = parts.slice(0, depth).join("/");
    if (!tree.has(parent)) tree.set(parent, { type: "directory", mode: 0o755, uid: 0, gid: 0 });
  }
}

/** The tree as an uncompressed tar: sorted, without times or names, so that equal trees give equal bytes. */
export function layerOf(tree: FileTree): AsyncIterable<unknown> {
  return tarOf(
    [...tree.keys()].sort().map((path) => {
      const { type, mode, uid, gid, body, target } = tree.get(path)!;
      return { header: { name: path, type, mode, uid, gid, ...(target && { linkname: target }) }, body };
    }),
  );
}

export async function collect(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

import type { Entry } from "../copy/walk";

/** The size of one write in bytes. One write for each line would cost too much. */
const chunkSize = 64 * 1024;

/** An entry as it goes over the wire. Each byte of a path is the character with the same number. */
export type Line = [
  key: string,
  type: Entry["type"],
  mode: number,
  uid: number,
  gid: number,
  size: number,
  disk: number,
  mtime: string,
  inode: string,
  links: number,
  target?: string,
];

/** The first line of an answer: the attributes of the volume's root itself. */
export type RootLine = [mode: number, uid: number, gid: number, mtime: string];

export function toLine({ key, type, mode, uid, gid, size, disk, mtime, inode, links, target }: Entry): Line {
  const line: Line = [key, type, mode, uid, gid, size, disk, String(mtime), inode, links];
  if (target) line.push(target.toString("latin1"));
  return line;
}

export function fromLine([key, type, mode, uid, gid, size, disk, mtime, inode, links, target]: Line): Entry {
  return {
    path: Buffer.from(key, "latin1"),
    key,
    type,
    mode,
    uid,
    gid,
    size,
    disk,
    mtime: BigInt(mtime),
    inode,
    links,
    ...(target !== undefined && { target: Buffer.from(target, "latin1") }),
  };
}

/** Values as lines of JSON, in pieces of some size. */
export function* linesOf(values: Iterable<unknown>): Generator<Buffer> {
  let text = "";
  for (const value of values) {
    text += `${JSON.stringify(value)}\n`;
    if (text.length < chunkSize) continue;
    yield Buffer.from(text);
    text = "";
  }
  if (text) yield Buffer.from(text);
}

/** The values of such lines. T: the type that the other side sends. */
export async function* valuesOf<T>(stream: AsyncIterable<Buffer>): AsyncGenerator<T> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line);
  }
}

/** A leading ./ keeps a name from looking like an option. */
const before = Buffer.from("./");
const after = Buffer.from("\0");

/** Paths as GNU tar reads them from `--files-from` with `--null`, in pieces of some size. */
export function* namesOf(entries: Iterable<Entry>): Generator<Buffer> {
  let names: Buffer[] = [];
  let length = 0;
  for (const { path } of entries) {
    names.push(before, path, after);
    length += path.length;
    if (length < chunkSize) continue;
    yield Buffer.concat(names);
    [names, length] = [[], 0];
  }
  if (names.length > 0) yield Buffer.concat(names);
}

// @ts-check

/** @import { Entry } from "./walk.mjs" */

/** As large as a write should be: a line of its own each would cost more than what is in it. */
const chunkSize = 64 * 1024;

/**
 * What a tree has, as it goes over the wire. Its bytes are given as the characters of the same numbers. @param {Entry}
 * entry @returns {unknown[]}
 */
export function toLine({ key, type, mode, uid, gid, size, disk, mtime, inode, links, target }) {
  return [
    key,
    type,
    mode,
    uid,
    gid,
    size,
    disk,
    String(mtime),
    inode,
    links,
    ...(target ? [target.toString("latin1")] : []),
  ];
}

/** @param {any} line @returns {Entry} */
export function fromLine([key, type, mode, uid, gid, size, disk, mtime, inode, links, target]) {
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

/** Values as lines of JSON, in pieces of some size. @param {Iterable<unknown>} values */
export function* linesOf(values) {
  let text = "";
  for (const value of values) {
    text += `${JSON.stringify(value)}\n`;
    if (text.length < chunkSize) continue;
    yield Buffer.from(text);
    text = "";
  }
  if (text) yield Buffer.from(text);
}

/** The values of such lines. @param {AsyncIterable<Buffer>} stream */
export async function* valuesOf(stream) {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line);
  }
}

/**
 * Paths as GNU tar reads them from `--files-from` with `--null`, in pieces of some size. @param {Iterable<Entry>}
 * entries
 */
export function* namesOf(entries) {
  /** @type {Buffer[]} */
  let names = [];
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

/** So that no name looks like an option. */
const before = Buffer.from("./");
const after = Buffer.from("\0");

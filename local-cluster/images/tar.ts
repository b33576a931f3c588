import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { pack, type Header, type Pack } from "tar-stream";

export interface TarEntry {
  /** Without its size, which is the body's. */
  header: Pick<Header, "name" | "type"> & Partial<Omit<Header, "size">>;
  /** Of a file: what is in it, or the path on this machine of a file that has it. */
  body?: Buffer | string;
}

/** Files up to this size are read at once, which is faster; larger ones piece by piece. */
const AT_ONCE = 1 << 20;

/** A tar of the entries in this order, without times. It is made while it is read, so it need not fit in memory. */
export function tarOf(entries: Iterable<TarEntry>): AsyncIterable<unknown> {
  const tar = pack();
  addAll(tar, entries).catch((error: Error) => tar.destroy(error));
  return tar;
}

async function addAll(tar: Pack, entries: Iterable<TarEntry>): Promise<void> {
  for (const entry of entries) await add(tar, entry);
  tar.finalize();
}

async function add(tar: Pack, { header, body = Buffer.alloc(0) }: TarEntry): Promise<void> {
  const size = typeof body === "string" ? (await stat(body)).size : body.length;
  const source = typeof body !== "string" ? body : size > AT_ONCE ? createReadStream(body) : await readFile(body);
  await new Promise<void>((resolve, reject) => {
    const entry = tar.entry({ ...header, mtime: new Date(0), size }, (error) =>
      error ? reject(error as Error) : resolve(),
    );
    if (Buffer.isBuffer(source)) entry.end(source);
    else pipeline(source, entry).catch(reject);
  });
}

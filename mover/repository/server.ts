import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { constants, createReadStream, createWriteStream } from "node:fs";
import { access, link, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { codeOf } from "../faults";

/** A server of restic's REST protocol, version 2 (restic.readthedocs.io, "REST Backend"), for a directory. */
export interface RepositoryServerOptions {
  directory: string;
  /** SHA-256 of each password that is taken, as hexadecimal digits. */
  accepted: string[];
}

const version2 = "application/vnd.x.restic.rest.v2";
const kinds = ["data", "index", "keys", "locks", "snapshots"];
const objectPath = new RegExp(`^/(${kinds.join("|")})/([0-9a-f]{64})$`);
const listPath = new RegExp(`^/(${kinds.join("|")})/$`);

/** What a request comes to, where it is not what it asks for. */
class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** What the volume's own refusals are to a client. restic tries others again for a quarter of an hour. */
const statuses: Record<string, [number, string]> = {
  ENOENT: [404, "Not Found"],
  ENOSPC: [507, "Insufficient Storage"],
  EDQUOT: [507, "Insufficient Storage"],
  EROFS: [403, "Read-only file system"],
  EACCES: [403, "Permission denied"],
  EPERM: [403, "Permission denied"],
};

export function repositoryServer({ directory, accepted }: RepositoryServerOptions): Server {
  const digests = accepted.map((digest) => Buffer.from(digest, "hex"));
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://server");
    // The kubelet asks whether the volume is there.
    if (pathname === "/ready") return void (await access(directory, constants.R_OK), response.end());
    if (!isAccepted(request, digests)) throw new Refused(401, "Unauthorized");
    const method = request.method ?? "";
    if (method === "POST" && pathname === "/" && searchParams.get("create") === "true") {
      await makeDirectories(directory);
      return void response.end();
    }
    const [, listed] = listPath.exec(pathname) ?? [];
    if (listed !== undefined && method === "GET") return list(directory, listed, response);
    const [, kind, name] = objectPath.exec(pathname) ?? [];
    const file = pathname === "/config" ? join(directory, "config") : fileOf(directory, kind, name);
    if (file === undefined) throw new Refused(404, "Not Found");
    if (method === "HEAD" || method === "GET") return read(file, request, response);
    if (method === "POST") return write(file, request, response, name);
    if (method === "DELETE" && name !== undefined) {
      await rm(file);
      return void response.end();
    }
    throw new Refused(405, "Method Not Allowed");
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => refuse(error, request, response));
  });
  // A client that is slow, because its data has to be read first, is no fault.
  server.requestTimeout = 0;
  return server;
}

/** The name of whoever logs in doesn't count. */
function isAccepted({ headers }: IncomingMessage, digests: Buffer[]): boolean {
  const [, encoded = ""] = /^Basic (\S+)$/.exec(headers.authorization ?? "") ?? [];
  const password = Buffer.from(encoded, "base64")
    .toString("utf8")
    .replace(/^[^:]*:/, "");
  const digest = createHash("sha256").update(password).digest();
  return digests.some((known) => known.length === digest.length && timingSafeEqual(known, digest));
}

function refuse(error: unknown, request: IncomingMessage, response: ServerResponse): void {
  const known = statuses[codeOf(error) ?? ""];
  const [status, text] = error instanceof Refused ? [error.status, error.message] : (known ?? [500, "Internal error"]);
  if (status >= 500) process.stderr.write(`${request.method} ${request.url}: ${(error as Error).message}\n`);
  if (response.headersSent) return void response.destroy();
  // What is left of the request isn't read.
  response.writeHead(status, text, { connection: "close", ...(status === 401 && { "www-authenticate": "Basic" }) });
  response.end();
  request.resume();
}

const fileOf = (directory: string, kind: string | undefined, name: string | undefined) =>
  kind === undefined || name === undefined
    ? undefined
    : join(directory, kind, ...(kind === "data" ? [name.slice(0, 2)] : []), name);

async function makeDirectories(directory: string): Promise<void> {
  const bytes = Array.from({ length: 256 }, (_, i) => `data/${i.toString(16).padStart(2, "0")}`);
  for (const path of [...kinds, ...bytes]) await mkdir(join(directory, path), { recursive: true, mode: 0o700 });
}

async function list(directory: string, kind: string, response: ServerResponse): Promise<void> {
  const names = await readdir(join(directory, kind), { recursive: kind === "data" });
  const files = names.filter((name) => /^([0-9a-f]{2}\/)?[0-9a-f]{64}$/.test(name));
  const found: { name: string; size: number }[] = [];
  for (const name of files) {
    // One that another client has just removed is not there. What is there and can't be looked at isn't left out: to
    // restic, a list without a point means that nothing needs the point's data.
    const size = await stat(join(directory, kind, name)).then(
      (it) => it.size,
      (error: unknown) => {
        if (codeOf(error) === "ENOENT") return undefined;
        throw error;
      },
    );
    if (size !== undefined) found.push({ name: name.slice(-64), size });
  }
  response.setHeader("content-type", version2);
  response.end(JSON.stringify(found));
}

async function read(file: string, { method, headers }: IncomingMessage, response: ServerResponse): Promise<void> {
  const { size } = await stat(file);
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? "") ?? [];
  const [start, end] = [Number(from ?? 0), Math.min(to ? Number(to) : size - 1, size - 1)];
  if (from !== undefined && start > end) throw new Refused(416, "Range Not Satisfiable");
  response.writeHead(from === undefined ? 200 : 206, {
    "content-length": end - start + 1,
    "content-type": "application/octet-stream",
    ...(from !== undefined && { "content-range": `bytes ${start}-${end}/${size}` }),
  });
  if (method === "HEAD" || size === 0) return void response.end();
  await pipeline(createReadStream(file, { start, end }), response);
}

/** A file is there whole and on the disk, or not at all. `name`: the SHA-256 that its content has to have. */
async function write(file: string, request: IncomingMessage, response: ServerResponse, name?: string): Promise<void> {
  const unfinished = `${file}.${randomBytes(8).toString("hex")}.unfinished`;
  const hash = createHash("sha256");
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await pipeline(
      request,
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(unfinished, { flags: "wx", mode: 0o600, flush: true }),
    );
    if (name !== undefined && hash.digest("hex") !== name)
      throw new Refused(400, "Its content is not what its name says");
    // A repository's config is written once.
    if (name === undefined) await link(unfinished, file).then(() => rm(unfinished));
    else await rename(unfinished, file);
    await sync(dirname(file));
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw codeOf(error) === "EEXIST" ? new Refused(403, "It is there already") : error;
  }
  response.end();
}

/** A new name is on the disk once its directory is. */
async function sync(directory: string): Promise<void> {
  const handle = await open(directory);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

import { lstatSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import https from "node:https";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ServeTask } from "../../model/mover";
import { Hashers } from "../copy/hashing";
import { readSource } from "../copy/measure";
import { pack } from "../copy/tar";
import type { Entry } from "../copy/walk";
import { faultOf } from "../faults";
import { linesOf, toLine, type Line, type RootLine } from "./entry-lines";
import { serverOptions } from "./pre-shared-key";
import type { Said } from "./remote-requests";

type Send = (stream: Readable) => Promise<void>;

/** The requests that can be made. Each method returns what the answer reports at its end. */
class Routes {
  /**
   * The entries that were sent. They are kept because reading them again for the digests would hold up other requests.
   */
  #entries: Entry[] | undefined;

  constructor(readonly task: ServeTask) {}

  /** The root's own line, and one for each entry. */
  async "/entries"(send: Send): Promise<Said> {
    this.#entries = readSource(this.task);
    await send(Readable.from(linesOf(treeLines(this.task.source, this.#entries))));
    return {};
  }

  /** A line with path and digest for each file. */
  async "/digests"(send: Send): Promise<Said> {
    const hashers = new Hashers();
    try {
      const entries = this.#entries ?? readSource(this.task);
      await send(Readable.from(linesOf(await hashers.digest(this.task.source, entries, () => undefined))));
    } finally {
      await hashers.close();
    }
    return {};
  }

  /** A tar of the paths that are sent. */
  async "/files"(send: Send, request: IncomingMessage): Promise<Said> {
    return { complaint: await pack(this.task.source, request, send) };
  }
}

function* treeLines(root: string, entries: Entry[]): Generator<RootLine | Line> {
  const { mode, uid, gid, mtimeNs } = lstatSync(root, { bigint: true });
  yield [Number(mode), Number(uid), Number(gid), String(mtimeNs)];
  for (const entry of entries) yield toLine(entry);
}

/** Serves one volume to whoever has the key, and changes nothing in it. Throws where the key is too short. */
export function sourceServer(task: ServeTask, key: string | undefined, onIdle: () => void): https.Server {
  const { identity, idle = 3_600_000 } = task;
  const routes = new Routes(task);
  let busy = 0;
  const waiting: NodeJS.Timeout = setTimeout(() => (busy > 0 ? waiting.refresh() : onIdle()), idle);
  // Keepalive detects a peer that disappears without a word. There is no limit on a request's time, because the list of
  // a tar's paths may take as long as the tar.
  const options = {
    ...serverOptions(identity, key),
    keepAlive: true,
    keepAliveInitialDelay: 30_000,
    requestTimeout: 0,
  };
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    busy++;
    await answer(routes, request, response);
    busy--;
    waiting.refresh();
  };
  const server = https.createServer(options, (request, response) => void serve(request, response));
  server.on("close", () => clearTimeout(waiting));
  return server;
}

/**
 * Answers a request. The outcome is in a trailer after the content, because only then it is known whether the content
 * is whole.
 */
async function answer(routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { url } = request;
  if (url !== "/entries" && url !== "/digests" && url !== "/files") return void response.writeHead(404).end();
  response.writeHead(200, { trailer: "outcome", "transfer-encoding": "chunked" });
  const send: Send = (stream) => pipeline(stream, response, { end: false });
  const outcome = await routes[url](send, request).catch(faultOf);
  // The outcome is encoded, because a header may not contain every byte.
  response.addTrailers({ outcome: Buffer.from(JSON.stringify(outcome)).toString("base64url") });
  response.end();
}

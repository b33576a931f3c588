// @ts-check
import https from "node:https";
import { lstatSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { linesOf, toLine } from "./entry-lines.mjs";
import { faultOf } from "./faults.mjs";
import { Hashers } from "./hashing.mjs";
import { readSource } from "./measure.mjs";
import { serverOptions } from "./pre-shared-key.mjs";
import { pack } from "./tar.mjs";

/** @import { IncomingMessage, ServerResponse } from "node:http" */
/** @import { Entry } from "./walk.mjs" */
/**
 * What the pod at a move's source is told. identity: the job's name. idle: it ends after so many milliseconds in which
 * nobody asked; an hour when absent.
 * @typedef {{ source: string, sourceName: string, identity: string, port: number, idle?: number }} ServeTask
 * @typedef {(stream: NodeJS.ReadableStream) => Promise<void>} Send
 */

/** What can be asked for. Each answers with what has to be said at the end. */
class Routes {
  /**
   * What was said to be there: to look again, for the digests, would hold up the others that ask. @type {Entry[] |
   * undefined}
   */
  #entries;

  /** @param {ServeTask} task */
  constructor(task) {
    this.task = task;
  }

  /** The root's own line, and one for each entry. @param {Send} send */
  async "/entries"(send) {
    this.#entries = readSource(this.task);
    await send(Readable.from(linesOf(treeLines(this.task.source, this.#entries))));
    return {};
  }

  /** A line with path and digest for each file. @param {Send} send */
  async "/digests"(send) {
    const hashers = new Hashers();
    try {
      await send(
        Readable.from(
          linesOf(await hashers.digest(this.task.source, this.#entries ?? readSource(this.task), () => undefined)),
        ),
      );
    } finally {
      await hashers.close();
    }
    return {};
  }

  /** A tar of the paths that are sent. @param {Send} send @param {IncomingMessage} request */
  async "/files"(send, request) {
    return { complaint: await pack(this.task.source, request, send) };
  }
}

/** @param {string} root @param {Entry[]} entries */
function* treeLines(root, entries) {
  const { mode, uid, gid, mtimeNs } = lstatSync(root, { bigint: true });
  yield [Number(mode), Number(uid), Number(gid), String(mtimeNs)];
  for (const entry of entries) yield toLine(entry);
}

/**
 * Serves one volume to who has the key, and changes nothing in it. @param {ServeTask} task @param {string | undefined}
 * key @param {() => void} onIdle
 */
export function sourceServer(task, key, onIdle) {
  const { identity, idle = 3_600_000 } = task;
  const routes = new Routes(task);
  let busy = 0;
  const waiting = setTimeout(() => (busy > 0 ? waiting.refresh() : onIdle()), idle);
  // A peer that is gone without a word is noticed; the list of a tar's paths may take as long as the tar.
  const options = {
    ...serverOptions(identity, key),
    keepAlive: true,
    keepAliveInitialDelay: 30_000,
    requestTimeout: 0,
  };
  const server = https.createServer(options, async (request, response) => {
    busy++;
    await answer(routes, request, response);
    busy--;
    waiting.refresh();
  });
  server.on("close", () => clearTimeout(waiting));
  return server;
}

/**
 * The last header comes after the content, for only then it is known whether that is whole.
 * @param {Routes} routes @param {IncomingMessage} request @param {ServerResponse} response
 */
async function answer(routes, request, response) {
  const { url } = request;
  if (url !== "/entries" && url !== "/digests" && url !== "/files") return void response.writeHead(404).end();
  response.writeHead(200, { trailer: "outcome", "transfer-encoding": "chunked" });
  const outcome = await routes[url]((stream) => pipeline(stream, response, { end: false }), request).catch(faultOf);
  // Its bytes could be no header's.
  response.addTrailers({ outcome: Buffer.from(JSON.stringify(outcome)).toString("base64url") });
  response.end();
}

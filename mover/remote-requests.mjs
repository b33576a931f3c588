// @ts-check
import https from "node:https";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { MoveError } from "./faults.mjs";
import { clientOptions } from "./pre-shared-key.mjs";

/** @import { IncomingMessage } from "node:http" */
/** What a complete answer says of itself. @typedef {{ complaint?: string }} Said */
/**
 * Where a source is served. identity: the move's job.
 * @typedef {{ host: string, port: number, identity: string }} Remote
 */

/** What lets pods reach each other may come after them. */
const patience = Number(process.env.COPY_PATIENCE ?? 60) * 1000;

/** Milliseconds; a pod that goes through a large volume takes no further connection meanwhile. */
const connecting = 120_000;

/** One connection a question: they are few, and two of them are answered at once. */
export class RemoteRequests {
  /** @type {Set<import("node:http").ClientRequest>} */
  #open = new Set();

  /** @param {Remote} remote @param {string} name of the source, for people @param {string | undefined} key */
  constructor(remote, name, key) {
    this.remote = remote;
    this.name = name;
    this.options = clientOptions(remote.identity, key);
  }

  /**
   * The answer's content. Throws at its end unless it is whole and the other side was content with it.
   * @param {string} path @param {() => Iterable<Buffer>} [body] @param {(said: Said) => void} [onEnd]
   * @returns {AsyncGenerator<Buffer>}
   */
  async *ask(path, body, onEnd = () => undefined) {
    const response = await this.#response(path, body);
    try {
      yield* response;
    } catch (error) {
      throw this.#broken(/** @type {Error} */ (error).message);
    }
    onEnd(this.#outcomeOf(response));
  }

  /** Whatever is under way breaks off. */
  close() {
    for (const request of this.#open) request.destroy();
  }

  /** @param {string} path @param {() => Iterable<Buffer>} [body] @returns {Promise<IncomingMessage>} */
  async #response(path, body) {
    for (const end = performance.now() + patience; ; await sleep(1000)) {
      try {
        return await this.#request(path, body);
      } catch (error) {
        if (!(error instanceof Unreachable) || performance.now() > end) throw error;
      }
    }
  }

  /** @param {string} path @param {() => Iterable<Buffer>} [body] @returns {Promise<IncomingMessage>} */
  #request(path, body) {
    const { host, port } = this.remote;
    return new Promise((resolve, reject) => {
      const request = https.request(
        { ...this.options, host, port, path, method: body ? "POST" : "GET", agent: false, timeout: connecting },
        resolve,
      );
      this.#open.add(request);
      let secure = false;
      request.on("socket", (socket) => {
        // A node that is gone without a word is noticed, however long the other side has to think.
        socket.setKeepAlive(true, 30_000);
        socket.once("secureConnect", () => ((secure = true), socket.setTimeout(0)));
      });
      request.on("timeout", () => request.destroy(new Error("no answer within 2 minutes")));
      request.on("error", (error) => reject(secure ? this.#broken(error.message) : this.#unconnected(error)));
      request.on("close", () => this.#open.delete(request));
      if (body) Readable.from(body()).pipe(request);
      else request.end();
    });
  }

  /** @param {string} reason */
  #broken(reason) {
    return new MoveError(`the connection to the pod at ${this.name} broke off: ${reason}`, { transient: true });
  }

  /** @param {NodeJS.ErrnoException} error */
  #unconnected({ code = "", message }) {
    const { host, port } = this.remote;
    // Both have the key from one Secret, each as it was when its pod started.
    if (code === "EPROTO" || code.startsWith("ERR_SSL"))
      return new MoveError(`the pod at ${this.name} (${host}:${port}) has another key than this copy`, {
        transient: true,
      });
    return new Unreachable(`the pod at ${this.name} can't be reached (${host}:${port}): ${message}`);
  }

  /** @param {IncomingMessage} response @returns {Said} */
  #outcomeOf({ statusCode, trailers, complete }) {
    const text = trailers.outcome;
    if (!complete || statusCode !== 200 || text === undefined)
      throw this.#broken(`its answer (${statusCode}) has no end`);
    const outcome = JSON.parse(Buffer.from(text, "base64url").toString());
    if ("error" in outcome) throw new MoveError(outcome.error, outcome);
    return outcome;
  }
}

/** Nothing listens there, or nothing lets us through yet. */
class Unreachable extends MoveError {
  /** @param {string} message */
  constructor(message) {
    super(message, { transient: true });
  }
}

import type { ClientRequest, IncomingMessage } from "node:http";
import https from "node:https";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { Remote } from "../../model/mover";
import { codeOf, errorOf, MoveError } from "../faults";
import { clientOptions } from "./pre-shared-key";

/** What an answer reports at its end when it is complete. */
export interface Said {
  complaint?: string;
}

/**
 * Milliseconds. The network rules that let the pods reach each other may take effect only after the pods have started.
 */
const patience = Number(process.env.COPY_PATIENCE ?? 60) * 1000;

/** Milliseconds. A pod accepts no further connection while it reads through a large volume. */
const connecting = 120_000;

/**
 * Sends requests to a pod that serves a volume. Each request has its own connection: requests are few, and some run at
 * the same time.
 */
export class RemoteRequests {
  readonly #open = new Set<ClientRequest>();
  readonly #options: ReturnType<typeof clientOptions>;

  /** `name`: of the source, for people. Throws where the key is too short. */
  constructor(
    readonly remote: Remote,
    readonly name: string,
    key: string | undefined,
  ) {
    this.#options = clientOptions(remote.identity, key);
  }

  /** The answer's content. Throws at the end unless the answer is whole and the other side reports no error. */
  async *ask(
    path: string,
    body?: () => Iterable<Buffer>,
    onEnd: (said: Said) => void = () => undefined,
  ): AsyncGenerator<Buffer> {
    const response = await this.#response(path, body);
    try {
      yield* response;
    } catch (error) {
      throw this.#broken(errorOf(error).message);
    }
    onEnd(this.#outcomeOf(response));
  }

  /** Breaks off whatever is under way. */
  close(): void {
    for (const request of this.#open) request.destroy();
  }

  async #response(path: string, body?: () => Iterable<Buffer>): Promise<IncomingMessage> {
    for (const end = performance.now() + patience; ; await sleep(1000)) {
      try {
        return await this.#request(path, body);
      } catch (error) {
        if (!(error instanceof Unreachable) || performance.now() > end) throw error;
      }
    }
  }

  #request(path: string, body?: () => Iterable<Buffer>): Promise<IncomingMessage> {
    const { host, port } = this.remote;
    return new Promise((resolve, reject) => {
      const request = https.request(
        { ...this.#options, host, port, path, method: body ? "POST" : "GET", agent: false, timeout: connecting },
        resolve,
      );
      this.#open.add(request);
      let secure = false;
      request.on("socket", (socket) => {
        // Keepalive detects a node that disappears without a word, however long the other side takes to answer.
        socket.setKeepAlive(true, 30_000);
        socket.once("secureConnect", () => {
          secure = true;
          socket.setTimeout(0);
        });
      });
      request.on("timeout", () => request.destroy(new Error("no answer within 2 minutes")));
      request.on("error", (error) => reject(secure ? this.#broken(error.message) : this.#unconnected(error)));
      request.on("close", () => this.#open.delete(request));
      if (body) Readable.from(body()).pipe(request);
      else request.end();
    });
  }

  #broken(reason: string): MoveError {
    return new MoveError(`the connection to the pod at ${this.name} broke off: ${reason}`, { transient: true });
  }

  #unconnected(error: Error): MoveError {
    const { host, port } = this.remote;
    const code = codeOf(error);
    // Each pod has the key from the same Secret, but as it was when that pod started.
    if (code === "EPROTO" || code.startsWith("ERR_SSL"))
      return new MoveError(`the pod at ${this.name} (${host}:${port}) has another key than this copy`, {
        transient: true,
      });
    return new Unreachable(`the pod at ${this.name} can't be reached (${host}:${port}): ${error.message}`);
  }

  #outcomeOf({ statusCode, trailers, complete }: IncomingMessage): Said {
    const text = trailers.outcome;
    if (!complete || statusCode !== 200 || text === undefined)
      throw this.#broken(`its answer (${statusCode}) has no end`);
    const outcome: Said | { error: string; transient: boolean } = JSON.parse(Buffer.from(text, "base64url").toString());
    if ("error" in outcome) throw new MoveError(outcome.error, outcome);
    return outcome;
  }
}

/** Nothing listens at the address, or the network doesn't let the connection through yet. */
class Unreachable extends MoveError {
  constructor(message: string) {
    super(message, { transient: true });
  }
}

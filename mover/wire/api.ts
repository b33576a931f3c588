import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { MoveError } from "../faults";

/** The path of an object of the API, or of a list of objects. T: the object's type, which only the compiler uses. */
export interface Path<T> {
  readonly path: string;
  readonly holds?: T;
}

/** A merge patch: null removes a field, and lists are replaced as a whole. */
export type Patch<T> = T extends unknown[] ? T : T extends object ? { [K in keyof T]?: Patch<T[K]> | null } : T;

export interface DeleteOptions {
  gracePeriodSeconds?: number;
  propagationPolicy?: "Orphan";
  preconditions?: { uid?: string; resourceVersion?: string };
}

/** The API server's address, and the mover's credentials for it. */
export interface Server {
  url: string;
  ca?: Buffer;
  token: () => string;
}

const account = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The API server refused a request. */
export class ApiError extends MoveError {
  constructor(
    readonly status: number,
    message: string,
    readonly reason: string,
  ) {
    super(message, { transient: status >= 500 || status === 429 || status === 401 || status === 409 });
  }
}

/** The API server that every pod knows from its environment. */
export function inCluster(): Server {
  const { KUBERNETES_SERVICE_HOST: host = "", KUBERNETES_SERVICE_PORT: port = "443" } = process.env;
  return {
    url: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
    ca: readFileSync(`${account}/ca.crt`),
    // The token is read each time, because it is renewed while the pod runs.
    token: () => readFileSync(`${account}/token`, "utf8").trim(),
  };
}

/** The name under which the API server records what a move changes. */
export const fieldManager = "cluster-storage-move";

/**
 * The part of the Kubernetes API that a move needs. It waits for an API server that is away for less than `patience`.
 */
export class Api {
  readonly #agent: http.Agent;
  readonly #patience: number;

  /** `patience`: milliseconds. */
  constructor(
    readonly server: Server,
    { patience = 90_000 }: { patience?: number } = {},
  ) {
    this.#patience = patience;
    this.#agent = server.url.startsWith("https:")
      ? new https.Agent({ keepAlive: true, ca: server.ca })
      : new http.Agent({ keepAlive: true });
  }

  get<T>({ path }: Path<T>): Promise<T> {
    return this.#send("GET", path);
  }

  /** Undefined where it doesn't exist. */
  find<T>(at: Path<T>): Promise<T | undefined> {
    return orAbsent(this.get(at));
  }

  async list<T>({ path }: Path<T>): Promise<T[]> {
    return (await this.#send("GET", path)).items ?? [];
  }

  create<T>({ path }: Path<T>, object: object): Promise<T> {
    return this.#send("POST", `${path}?fieldManager=${fieldManager}`, object);
  }

  patch<T>({ path }: Path<T>, patch: Patch<T>): Promise<T> {
    return this.#send("PATCH", `${path}?fieldManager=${fieldManager}`, patch, "application/merge-patch+json");
  }

  /** Undefined where there was nothing to delete. */
  remove<T>({ path }: Path<T>, options: DeleteOptions = {}): Promise<T | undefined> {
    return orAbsent(this.#send("DELETE", path, options));
  }

  text({ path }: Path<string>): Promise<string> {
    return this.#retried("GET", path);
  }

  // The type comes from the path; the server's answer isn't checked against it.
  async #send(method: string, path: string, body?: unknown, type?: string) {
    return JSON.parse(await this.#retried(method, path, body === undefined ? undefined : JSON.stringify(body), type));
  }

  async #retried(method: string, path: string, body?: string, type?: string): Promise<string> {
    const end = performance.now() + this.#patience;
    for (let pause = 250; ; pause = Math.min(pause * 2, 5000)) {
      try {
        return await this.#request(method, path, body, type);
      } catch (error) {
        const lasting = error instanceof ApiError && error.status < 500 && error.status !== 429;
        if (lasting || performance.now() + pause > end) throw error;
        await sleep(pause);
      }
    }
  }

  #request(method: string, path: string, body?: string, type = "application/json"): Promise<string> {
    const url = new URL(path, this.server.url);
    const headers = {
      authorization: `Bearer ${this.server.token()}`,
      accept: "application/json, */*",
      ...(body && { "content-type": type, "content-length": Buffer.byteLength(body) }),
    };
    return new Promise((resolve, reject) => {
      const fail = (error: Error) =>
        reject(new MoveError(`the API server can't be reached: ${error.message}`, { transient: true }));
      const request = (url.protocol === "https:" ? https : http).request(
        url,
        { method, headers, agent: this.#agent, timeout: 30_000 },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk) => chunks.push(chunk));
          response.on("error", fail);
          response.on("end", () => {
            const text = Buffer.concat(chunks).toString("utf8");
            if ((response.statusCode ?? 500) < 400) resolve(text);
            else reject(refusal(response.statusCode ?? 500, text));
          });
        },
      );
      request.on("timeout", () => request.destroy(new Error("no answer within 30 s")));
      request.on("error", fail);
      request.end(body);
    });
  }
}

function refusal(status: number, text: string): ApiError {
  try {
    const { message, reason }: { message?: string; reason?: string } = JSON.parse(text);
    return new ApiError(status, message ?? text, reason ?? "");
  } catch {
    return new ApiError(status, text.trim() || `the API server answers ${status}`, "");
  }
}

async function orAbsent<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

// @ts-check
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { MoveError } from "./faults.mjs";

/** @typedef {Record<string, any>} KubeObject */

const account = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The API server said no. */
export class ApiError extends MoveError {
  /** @param {number} status @param {string} message @param {string} reason */
  constructor(status, message, reason) {
    super(message, { transient: status >= 500 || status === 429 || status === 401 || status === 409 });
    this.status = status;
    this.reason = reason;
  }
}

/**
 * Where the API server is, as a pod is told.
 * @typedef {{ url: string, ca?: Buffer, token: () => string }} Server
 * @returns {Server}
 */
export function inCluster() {
  const { KUBERNETES_SERVICE_HOST: host = "", KUBERNETES_SERVICE_PORT: port = "443" } = process.env;
  // A token is renewed while the pod runs.
  return {
    url: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
    ca: readFileSync(`${account}/ca.crt`),
    token: () => readFileSync(`${account}/token`, "utf8").trim(),
  };
}

/** Under which the API server notes what a move changes. */
export const fieldManager = "cluster-storage-move";

/** As much of the Kubernetes API as a move needs. An API server that is away for less than `patience` is waited for. */
export class Api {
  #agent;

  /** @param {Server} server @param {{ patience?: number }} [options] milliseconds */
  constructor(server, { patience = 90_000 } = {}) {
    this.server = server;
    this.patience = patience;
    this.#agent = server.url.startsWith("https:")
      ? new https.Agent({ keepAlive: true, ca: server.ca })
      : new http.Agent({ keepAlive: true });
  }

  /** @param {string} path @returns {Promise<KubeObject>} */
  get = (path) => this.#send("GET", path);

  /** Undefined where it doesn't exist. @param {string} path @returns {Promise<KubeObject | undefined>} */
  find = (path) => orAbsent(this.get(path));

  /** @param {string} path @returns {Promise<KubeObject[]>} */
  list = async (path) => (await this.get(path)).items ?? [];

  /** @param {string} path @param {KubeObject} object @returns {Promise<KubeObject>} */
  create = (path, object) => this.#send("POST", `${path}?fieldManager=${fieldManager}`, object);

  /**
   * A merge patch: null removes, lists are replaced. @param {string} path @param {KubeObject} patch @returns
   * {Promise<KubeObject>}
   */
  patch = (path, patch) =>
    this.#send("PATCH", `${path}?fieldManager=${fieldManager}`, patch, "application/merge-patch+json");

  /** @param {string} path @param {KubeObject} [options] @returns {Promise<KubeObject | undefined>} */
  remove = (path, options = {}) => orAbsent(this.#send("DELETE", path, options));

  /** @param {string} path @returns {Promise<string>} */
  text = (path) => this.#retried("GET", path);

  /** @param {string} method @param {string} path @param {KubeObject} [body] @param {string} [type] */
  async #send(method, path, body, type) {
    return JSON.parse(await this.#retried(method, path, body && JSON.stringify(body), type));
  }

  /** @param {string} method @param {string} path @param {string} [body] @param {string} [type] @returns {Promise<string>} */
  async #retried(method, path, body, type) {
    const end = performance.now() + this.patience;
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

  /** @param {string} method @param {string} path @param {string} [body] @param {string} [type] @returns {Promise<string>} */
  #request(method, path, body, type = "application/json") {
    const url = new URL(path, this.server.url);
    const headers = {
      authorization: `Bearer ${this.server.token()}`,
      accept: "application/json, */*",
      ...(body && { "content-type": type, "content-length": Buffer.byteLength(body) }),
    };
    return new Promise((resolve, reject) => {
      const fail = (/** @type {Error} */ error) =>
        reject(new MoveError(`the API server can't be reached: ${error.message}`, { transient: true }));
      const request = (url.protocol === "https:" ? https : http).request(
        url,
        { method, headers, agent: this.#agent, timeout: 30_000 },
        (response) => {
          /** @type {Buffer[]} */
          const chunks = [];
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

/** @param {number} status @param {string} text */
function refusal(status, text) {
  try {
    const { message, reason } = JSON.parse(text);
    return new ApiError(status, message ?? text, reason ?? "");
  } catch {
    return new ApiError(status, text.trim() || `the API server answers ${status}`, "");
  }
}

/** @template T @param {Promise<T>} answer @returns {Promise<T | undefined>} */
async function orAbsent(answer) {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

import * as http from "node:http";
import * as https from "node:https";
import type { JsonObject } from "../protocol/values";
import type { Credentials } from "./credentials";

export interface RequestOptions {
  query?: Record<string, string | undefined>;
  body?: unknown;
  contentType?: string;
  accept?: string;
}

/** The API server refused the request with this answer. */
export class ApiError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly reason: string,
    readonly details: JsonObject,
  ) {
    super(message);
  }
}

/** The API server could not be reached at all. */
export class Unreachable extends Error {}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.code === 404;
}

const requestTimeoutMs = 60_000;

export class ApiClient {
  constructor(
    private readonly credentials: Credentials,
    private readonly onWarning: (text: string) => void,
  ) {}

  async request(method: string, path: string, options: RequestOptions = {}): Promise<JsonObject> {
    // A request on a kept connection that the server has just closed fails at once. Repeating it is safe for reads.
    try {
      return await this.once(method, path, options);
    } catch (error) {
      if (method === "GET" && error instanceof Unreachable) return this.once(method, path, options);
      throw error;
    }
  }

  private async once(method: string, path: string, options: RequestOptions): Promise<JsonObject> {
    const { status, headers, text } = await this.send(method, path, options);
    for (const warning of warningsIn(headers.warning)) this.onWarning(warning);
    const body = parseBody(text);
    if (status < 400) return body;
    throw new ApiError(
      status,
      typeof body.message === "string" ? body.message : `the API server answered ${status}: ${text.slice(0, 200)}`,
      typeof body.reason === "string" ? body.reason : "",
      (body.details ?? {}) as JsonObject,
    );
  }

  /**
   * Calls back whenever the server reports a change, until the returned function is called. A watch that breaks off
   * ends silently.
   */
  watch(path: string, query: RequestOptions["query"], onEvent: () => void): () => void {
    const options = { query: { ...query, watch: "true" }, agent: this.credentials.watching };
    const request = this.open("GET", path, options, (response) =>
      response.on("data", onEvent).on("error", () => undefined),
    );
    request.on("error", () => undefined).end();
    return () => request.destroy();
  }

  private send(method: string, path: string, options: RequestOptions): Promise<Answer> {
    const { server } = this.credentials;
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    return new Promise((resolve, reject) => {
      const request = this.open(method, path, { ...options, body, timeout: requestTimeoutMs }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", (error) => reject(unreachable(server, error)));
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      });
      request.on("timeout", () => request.destroy(new Error(`no answer in ${requestTimeoutMs / 1000} s`)));
      request.on("error", (error) => reject(unreachable(server, error)));
      request.end(body);
    });
  }

  private open(
    method: string,
    path: string,
    options: Opening,
    onResponse: (response: http.IncomingMessage) => void,
  ): http.ClientRequest {
    const { server, agent, headers } = this.credentials;
    const { query = {}, body, contentType = "application/json", accept = "application/json", timeout } = options;
    const url = new URL(server.pathname.replace(/\/$/, "") + path, server);
    for (const [key, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(key, value);
    }
    const content =
      body === undefined ? {} : { "content-type": contentType, "content-length": Buffer.byteLength(body) };
    const transport = url.protocol === "http:" ? http : https;
    return transport.request(
      url,
      { method, agent: options.agent ?? agent, headers: { ...headers, accept, ...content }, timeout },
      onResponse,
    );
  }
}

interface Opening extends RequestOptions {
  body?: string;
  agent?: http.Agent;
  timeout?: number;
}

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}

function unreachable(server: URL, error: Error & { code?: string }): Unreachable {
  const cause = error.message || error.code || "connection failed";
  return new Unreachable(`the API server at ${server.origin} can't be reached: ${cause}`);
}

function parseBody(text: string): JsonObject {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return {};
  }
}

/** Texts of a Warning header: `299 - "text", 299 - "text"`. */
function warningsIn(header: string | string[] | undefined): string[] {
  const line = Array.isArray(header) ? header.join(", ") : (header ?? "");
  return [...line.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) => match[1].replaceAll(/\\(.)/g, "$1"));
}

import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, type RequestOptions, request as httpsRequest } from "node:https";
import type * as Library from "@kubernetes/client-node";
import { createRequire } from "node:module";
import { requestOptions } from "./credentials";
import type { Connection } from "./connection";
import { findContext, kubeconfigFiles } from "./kubeconfig";

/** Milliseconds within which the API server has to answer: a busy one takes seconds, and one that is away says so. */
export const patience = 15_000;

/** Connections at a time. Each one costs a handshake, and a few are enough for the dozen reads that are made. */
const connections = 8;

export interface Answer {
  status: number;
  body: string;
}

export interface AskOptions {
  /** Sent as JSON. */
  body?: unknown;
  /** Another form of the answer. */
  accept?: string;
  /** Default: GET, or POST with a body. A PATCH merges; APPLY is a server-side apply. */
  method?: "POST" | "PATCH" | "APPLY" | "DELETE";
}

/**
 * The cluster's API as the program reads it. It does without the client library that kube/client.ts has, because that
 * takes longer to load than all the reading.
 */
export interface Api {
  /** Of the API server. */
  server: string;
  /** Waits for the credentials, which a person may have to log in for. Default: there is nothing to wait for. */
  ready?(): Promise<unknown>;
  /** Reads a path, or changes what is there. */
  ask(path: string, options?: AskOptions): Promise<Answer>;
}

/**
 * The API of a context's cluster. This sends nothing yet: the first request makes the credentials, and later requests
 * use the same ones.
 * @throws KubeconfigError
 */
export function openApi(context: string, kubeconfig?: string): Api {
  const connection = findContext(context, kubeconfigFiles(kubeconfig, process.env));
  const { server } = connection.cluster;
  let options: Promise<RequestOptions> | undefined;
  return {
    server,
    ready: () => (options ??= prepare(connection)),
    ask: async (path, wanted = {}) =>
      send(new URL(server.replace(/\/$/, "") + path), await (options ??= prepare(connection)), wanted),
  };
}

/**
 * The same API for several callers that look at the cluster as it is now. It remembers each answer, so that nothing is
 * read twice.
 */
export function readingOnce({ server, ready, ask }: Api): Api {
  const read = new Map<string, Promise<Answer>>();
  return {
    server,
    ready,
    ask: (path, options = {}) => {
      if (options.body !== undefined || options.method !== undefined) return ask(path, options);
      const key = JSON.stringify([path, options.accept]);
      const answer = read.get(key) ?? ask(path, options);
      read.set(key, answer);
      return answer;
    },
  };
}

async function prepare(connection: Connection): Promise<RequestOptions> {
  const options = await requestOptions(connection);
  const kept = { keepAlive: true, maxSockets: connections };
  if (connection.cluster.proxyUrl) return { ...options, agent: proxyAgent(connection, { ...options, ...kept }) };
  const Agent = connection.cluster.server.startsWith("http:") ? HttpAgent : HttpsAgent;
  return { ...options, agent: new Agent(kept) };
}

/** The client library brings the agents for proxies. It is loaded only where there is one. */
function proxyAgent(
  { cluster }: Connection,
  { ca, cert, key, rejectUnauthorized, servername, ...rest }: RequestOptions,
) {
  const { KubeConfig } = createRequire(__filename)("@kubernetes/client-node") as typeof Library;
  const { keepAlive, maxSockets } = rest as { keepAlive: boolean; maxSockets: number };
  const own = { ca, cert, key, rejectUnauthorized, servername, keepAlive, maxSockets };
  const config = new KubeConfig() as unknown as { createAgent(cluster: object, options: object): HttpAgent };
  return config.createAgent(cluster, own);
}

/** JSON is YAML. */
const contentTypes: Partial<Record<string, string>> = {
  PATCH: "application/merge-patch+json",
  APPLY: "application/apply-patch+yaml",
};

function send(
  url: URL,
  { headers, ...options }: RequestOptions,
  { body, accept, method = body === undefined ? undefined : "POST" }: AskOptions,
): Promise<Answer> {
  const start = url.protocol === "http:" ? httpRequest : httpsRequest;
  const all = {
    ...(headers as Record<string, string>),
    ...(accept && { accept }),
    ...(body !== undefined && { "content-type": contentTypes[method ?? ""] ?? "application/json" }),
  };
  return new Promise((resolve, reject) => {
    const sent = { ...options, headers: all, method: method === "APPLY" ? "PATCH" : method, timeout: patience };
    const request = start(url, sent, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
      response.on("error", reject);
    });
    request.on("timeout", () => request.destroy(new Error(`no answer within ${patience / 1000} s`)));
    request.on("error", (error) => reject(error.message ? error : new Error((error as NodeJS.ErrnoException).code)));
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

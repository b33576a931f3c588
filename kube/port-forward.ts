import { PortForward } from "@kubernetes/client-node";
import * as http from "node:http";
import { connect } from "node:tls";
import { Duplex, PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import type { Kube } from "./client";

export interface HttpRequest {
  method: string;
  path: string;
  body?: string;
  headers?: Record<string, string>;
  /** The connection is encrypted, and the server is verified by this name and this authority. */
  tls?: { serverName: string; ca: string };
}

/** Sends one HTTP request to a pod's port through the API server. It needs no local port and no route to the pod. */
export async function requestPod(
  kube: Kube,
  namespace: string,
  pod: string,
  port: number,
  request: HttpRequest,
  timeout = 60_000,
): Promise<{ status: number; body: string }> {
  const toPod = new PassThrough();
  const fromPod = new PassThrough();
  let refusal = "";
  const errors = new PassThrough().on("data", (chunk: Buffer) => {
    refusal += chunk.toString("utf8");
    fromPod.end();
  });
  const socket = await new PortForward(kube.config).portForward(namespace, pod, [port], fromPod, errors, toPod);
  if (typeof socket === "function") throw new Error("unexpected: a port-forward that restarts");
  socket.on("close", () => fromPod.end());
  socket.on("error", () => fromPod.end());
  try {
    return await send(Duplex.from({ writable: toPod, readable: fromPod }), request, timeout);
  } catch (error) {
    if (!refusal) throw error;
    throw new Error(`port ${port} of ${pod}: ${refusal.trim()}`, { cause: error });
  } finally {
    socket.close();
  }
}

/** Sends one HTTP request over a connection that is there, encrypted where the request says so. */
export function send(
  connection: Duplex,
  { method, path, body, headers, tls }: HttpRequest,
  timeout: number,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const timer = setTimeout(
      () => request.destroy(new Error(`no answer within ${timeout / 1000} s to ${method} ${path}`)),
      timeout,
    );
    const request = http.request(
      {
        createConnection: () =>
          tls ? connect({ socket: connection, servername: tls.serverName, ca: tls.ca }) : connection,
        method,
        path,
        headers: { host: "localhost", connection: "close", ...length, ...headers },
      },
      (response) => void text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject),
    );
    request.on("error", reject);
    request.on("close", () => clearTimeout(timer));
    request.end(body);
  });
}

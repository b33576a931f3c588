import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";

type Answer = Buffer | string | ((request: IncomingMessage, response: ServerResponse) => void);

/** A loopback server that stands for the release hosts: paths as `/dl.k8s.io/...`. */
export interface Mirror {
  url: string;
  /** What it answers; anything else is a 404. */
  files: Map<string, Answer>;
  /** `METHOD /path` of all requests, in order. */
  requests: string[];
  close(): Promise<void>;
}

export async function startMirror(): Promise<Mirror> {
  const files = new Map<string, Answer>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const answer = files.get(request.url ?? "");
    if (answer === undefined) response.writeHead(404).end("not here");
    else if (typeof answer === "function") answer(request, response);
    else response.end(answer);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    files,
    requests,
    close() {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

export const sha256 = (data: Buffer | string) => createHash("sha256").update(data).digest("hex");

/** A gzipped tar archive of these files. */
export async function tgz(files: Record<string, string>): Promise<Buffer> {
  const archive = pack();
  for (const [name, text] of Object.entries(files)) archive.entry({ name }, text);
  archive.finalize();
  return gzipSync(await buffer(archive));
}

import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer as createHttp, type Server } from "node:http";
import { createServer as createHttps } from "node:https";
import { connect, type AddressInfo, type Socket } from "node:net";
import { createSecureContext } from "node:tls";
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { ensureCertificates } from "../../local-cluster/instance/certificates";

/** A proxy behind which every name is one registry that has every image: an empty one. */
export interface FakeRegistry {
  /** For HTTPS_PROXY. */
  proxy: string;
  /** The authority that signed its certificates. */
  authority: string;
  /** Images that were asked for, `name:tag`. */
  asked: string[];
  close(): void;
}

/** Certificates go to `directory`. */
export async function startFakeRegistry(directory: string): Promise<FakeRegistry> {
  const asked: string[] = [];
  const registry = createHttps(
    { SNICallback: (name, done) => void contextFor(directory, name).then((context) => done(null, context), done) },
    (request, response) => {
      const { type, bytes } = answer(request.url ?? "/", asked);
      response.writeHead(
        bytes ? 200 : 404,
        bytes && { "content-type": type, "content-length": bytes.length, "docker-content-digest": digest(bytes) },
      );
      response.end(request.method === "HEAD" ? undefined : bytes);
    },
  );
  const proxy = createHttp().on("connect", (_request, client: Socket) => {
    const remote = connect(portOf(registry), "127.0.0.1", () => client.write("HTTP/1.1 200 OK\r\n\r\n"));
    remote
      .on("error", () => client.destroy())
      .pipe(client)
      .on("error", () => remote.destroy())
      .pipe(remote);
  });
  for (const server of [registry, proxy]) await once(server.listen(0, "127.0.0.1"), "listening");
  await ensureCertificates(directory, []);
  return {
    proxy: `http://127.0.0.1:${portOf(proxy)}`,
    authority: join(directory, "ca.crt"),
    asked,
    close() {
      for (const server of [registry, proxy]) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

async function contextFor(directory: string, name: string) {
  await ensureCertificates(directory, [{ file: name, user: name, serves: [name] }]);
  const pem = readFileSync(join(directory, `${name}.pem`));
  return createSecureContext({ key: pem, cert: pem });
}

const layer = Buffer.alloc(1024);
const config = Buffer.from(
  JSON.stringify({
    architecture: process.arch === "x64" ? "amd64" : process.arch,
    os: "linux",
    config: {},
    rootfs: { type: "layers", diff_ids: [digest(layer)] },
  }),
);
const described = (kind: string, bytes: Buffer) => ({
  mediaType: `application/vnd.oci.image.${kind}`,
  digest: digest(bytes),
  size: bytes.length,
});
const TYPE = "application/vnd.oci.image.manifest.v1+json";
const manifest = Buffer.from(
  JSON.stringify({
    schemaVersion: 2,
    mediaType: TYPE,
    config: described("config.v1+json", config),
    layers: [described("layer.v1.tar", layer)],
  }),
);

function answer(url: string, asked: string[]): { type: string; bytes?: Buffer } {
  const path = url.split("?")[0]!;
  const [, name, reference] = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(path) ?? [];
  if (name && !reference!.startsWith("sha256:")) asked.push(`${name}:${reference}`);
  if (name) return { type: TYPE, bytes: manifest };
  const blob = [layer, config].find((bytes) => path.endsWith(`/blobs/${digest(bytes)}`));
  return { type: "application/octet-stream", bytes: path === "/v2/" ? Buffer.from("{}") : blob };
}

function digest(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

function portOf(server: Pick<Server, "address">): number {
  return (server.address() as AddressInfo).port;
}

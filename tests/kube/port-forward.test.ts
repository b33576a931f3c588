import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:https";
import { connect, type AddressInfo, type Socket } from "node:net";
import { Duplex, PassThrough } from "node:stream";
import { send } from "../../kube/port-forward";
import { authorityOf, serverCertificate } from "../../plan/certificates";

const secret = "s".repeat(64);

describe("a request through a connection to a pod whose server encrypts", () => {
  let ca: string;
  let port: number;
  let close: () => void;
  const opened: Socket[] = [];

  before(async () => {
    ca = await authorityOf(secret, new Date());
    const { key, certificate } = await serverCertificate(secret, ["qdrant", "localhost"], new Date());
    const server = createServer({ key, cert: certificate }, (request, response) => {
      response.end(`${request.method} ${request.url} ${String(request.headers["api-key"])}`);
    });
    server.on("tlsClientError", () => undefined);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
    close = () => server.close();
  });
  after(() => {
    close();
    // The server waits two minutes for the end of a handshake that was broken off, and Mocha for the server.
    for (const socket of opened) socket.destroy();
  });

  /** As a port-forward hands a connection over: a stream for each direction. */
  const connection = () => {
    const socket = connect(port, "127.0.0.1");
    opened.push(socket);
    const [toPod, fromPod] = [new PassThrough(), new PassThrough()];
    toPod.pipe(socket).pipe(fromPod);
    socket.on("error", () => fromPod.end());
    return Duplex.from({ writable: toPod, readable: fromPod });
  };
  const ask = (serverName: string, authority: string) =>
    send(
      connection(),
      { method: "GET", path: "/collections", headers: { "api-key": "k" }, tls: { serverName, ca: authority } },
      10_000,
    );

  it("is encrypted and answered", async () => {
    assert.deepEqual(await ask("qdrant", ca), { status: 200, body: "GET /collections k" });
  });

  it("is not sent to a server of another name or another authority", async () => {
    await assert.rejects(ask("redis", ca), { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
    await assert.rejects(ask("qdrant", await authorityOf("t".repeat(64), new Date())), /signature|issuer|verify/i);
  });
});

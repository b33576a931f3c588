import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer as createHttp, request, type IncomingMessage } from "node:http";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const PROGRAM = join(__dirname, "../../../local-cluster/instance/egress.mjs");

describe("the way out for image pulls", () => {
  let echo: Server;
  let child: ChildProcess | undefined;
  const port = (server: { address(): unknown }) => (server.address() as AddressInfo).port;
  const target = () => `127.0.0.1:${port(echo)}`;

  before(async () => {
    echo = createServer((socket) => socket.on("error", () => undefined).pipe(socket));
    await once(echo.listen(0, "127.0.0.1"), "listening");
  });
  after(() => echo.close());
  afterEach(async () => {
    const gone = child && once(child, "exit");
    child?.kill();
    await gone;
    child = undefined;
  });

  /** The port it listens on. */
  async function start(env: Record<string, string> = {}): Promise<number> {
    const free = createServer();
    await once(free.listen(0, "127.0.0.1"), "listening");
    const own = port(free);
    await new Promise((closed) => free.close(closed));
    child = spawn(process.execPath, [PROGRAM, "127.0.0.1", String(own)], {
      env,
      stdio: ["ignore", "ignore", "inherit"],
    });
    for (let attempt = 0; attempt < 400; attempt++, await delay(50)) {
      const probe = connect(own, "127.0.0.1");
      const reached = await new Promise((done) =>
        probe.once("connect", () => done(true)).once("error", () => done(false)),
      );
      probe.destroy();
      if (reached) return own;
    }
    throw new Error("it does not listen");
  }

  function tunnel(through: number, to: string): Promise<{ status: number; socket: Socket }> {
    return new Promise((resolve, reject) => {
      const asked = request({ host: "127.0.0.1", port: through, method: "CONNECT", path: to });
      asked
        .once("connect", (response: IncomingMessage, socket: Socket) =>
          resolve({ status: response.statusCode!, socket }),
        )
        .once("error", reject)
        .end();
    });
  }

  it("carries a connection both ways, and its end", async () => {
    const { status, socket } = await tunnel(await start(), target());
    assert.equal(status, 200);
    socket.write("over there");
    assert.equal(String((await once(socket, "data"))[0]), "over there");
    const over = once(socket, "close");
    socket.end();
    await over;
  });

  it("says that it can't connect", async () => {
    const { status, socket } = await tunnel(await start(), "127.0.0.1:1");
    assert.equal(status, 502);
    socket.destroy();
  });

  it("survives a target that is none", async () => {
    const own = await start();
    for (const nonsense of ["nonsense", ":::", "host:99999"]) {
      const { status, socket } = await tunnel(own, nonsense);
      assert.equal(status, 502, nonsense);
      socket.destroy();
    }
    const { status, socket } = await tunnel(own, target());
    assert.equal(status, 200);
    socket.destroy();
  });

  it("carries nothing but connections", async () => {
    const response = await fetch(`http://127.0.0.1:${await start()}/`);
    assert.equal(response.status, 405);
    await response.text();
  });

  it("goes through the machine's own proxy, with its credentials", async () => {
    const asked: [string | undefined, string | undefined][] = [];
    const proxy = createHttp().on("connect", (message, socket) => {
      asked.push([message.url, message.headers["proxy-authorization"]]);
      const remote = connect(port(echo), "127.0.0.1", () => socket.write("HTTP/1.1 200 OK\r\n\r\n"));
      remote.on("error", () => socket.destroy());
      socket
        .on("error", () => remote.destroy())
        .pipe(remote)
        .pipe(socket);
    });
    await once(proxy.listen(0, "127.0.0.1"), "listening");
    try {
      const { status, socket } = await tunnel(
        await start({ HTTPS_PROXY: `http://me:p%40ss@127.0.0.1:${port(proxy)}` }),
        "images.example:443",
      );
      assert.equal(status, 200);
      socket.write("hello");
      assert.equal(String((await once(socket, "data"))[0]), "hello");
      socket.destroy();
      assert.deepEqual(asked, [["images.example:443", `Basic ${Buffer.from("me:p@ss").toString("base64")}`]]);
    } finally {
      proxy.close();
    }
  });
});

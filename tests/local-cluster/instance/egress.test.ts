import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer as createHttp, request, type IncomingMessage } from "node:http";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const PROGRAM = join(__dirname, "../../../local-cluster/instance/egress.mjs");

describe("the program of the way out", () => {
  let echo: Server;
  let child: ChildProcess | undefined;
  const port = (server: { address(): unknown }) => (server.address() as AddressInfo).port;

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

  /** The port it listens on. Only 127.0.0.1 may connect. */
  async function start(env: Record<string, string> = {}): Promise<number> {
    const free = createServer();
    await once(free.listen(0, "127.0.0.1"), "listening");
    const own = port(free);
    await new Promise((closed) => free.close(closed));
    child = spawn(process.execPath, [PROGRAM, "127.0.0.1", String(own), "127.0.0.1"], {
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

  function tunnel(through: number, to: string, from = "127.0.0.1"): Promise<{ status: number; socket: Socket }> {
    return new Promise((resolve, reject) => {
      const asked = request({ host: "127.0.0.1", port: through, localAddress: from, method: "CONNECT", path: to });
      asked
        .once("connect", (response: IncomingMessage, socket: Socket) =>
          resolve({ status: response.statusCode!, socket }),
        )
        .once("error", reject)
        .end();
    });
  }

  it("reaches nothing of this machine", async () => {
    const own = await start();
    for (const target of [`127.0.0.1:${port(echo)}`, "127.0.0.1:443", "[::ffff:127.0.0.1]:443", "localhost:443"]) {
      const { status, socket } = await tunnel(own, target);
      assert.equal(status, 403, target);
      socket.destroy();
    }
  });

  it("hangs up on everybody but its instance, before a word", async () => {
    const own = await start();
    await assert.rejects(tunnel(own, "registry.example.com:443", "127.0.0.2"), /socket hang up|ECONNRESET/);
    assert.equal((await tunnel(own, "registry.example.com:80")).status, 403);
  });

  it("carries nothing but connections", async () => {
    const own = await start();
    const response = await fetch(`http://127.0.0.1:${own}/`);
    assert.equal(response.status, 405);
    await response.text();
    const whole = request({ host: "127.0.0.1", port: own, path: `http://127.0.0.1:${port(echo)}/` }).end();
    const [answer] = (await once(whole, "response")) as [IncomingMessage];
    assert.equal(answer.statusCode, 405);
    answer.resume();
  });

  it("runs as nobody", async function () {
    if (process.getuid?.() !== 0) return this.skip();
    await fetch(`http://127.0.0.1:${await start()}/`); // Its first answer comes after that.
    const status = readFileSync(`/proc/${child!.pid}/status`, "utf8");
    for (const line of [/^Uid:(\t65534){4}$/m, /^Gid:(\t65534){4}$/m, /^Groups:\s*$/m, /^CapEff:\t0+$/m])
      assert.match(status, line);
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
      const own = await start({ HTTPS_PROXY: `http://me:p%40ss@127.0.0.1:${port(proxy)}` });
      const { status, socket } = await tunnel(own, "images.example:443");
      assert.equal(status, 200);
      socket.write("hello");
      assert.equal(String((await once(socket, "data"))[0]), "hello");
      socket.destroy();
      const refused = await tunnel(own, "images.example:22");
      assert.equal(refused.status, 403);
      refused.socket.destroy();
      assert.deepEqual(asked, [["images.example:443", `Basic ${Buffer.from("me:p@ss").toString("base64")}`]]);
    } finally {
      proxy.close();
    }
  });
});

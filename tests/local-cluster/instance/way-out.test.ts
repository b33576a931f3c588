import assert from "node:assert/strict";
import { once } from "node:events";
import { request, type IncomingMessage, type Server as HttpServer } from "node:http";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { isOutside, wayOut } from "../../../local-cluster/instance/way-out.mjs";

describe("an address outside", () => {
  it("is another machine's on the internet", () => {
    const outside = ["1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.0.1", "192.167.1.1", "2606:4700::1111", "2a00::1"];
    for (const address of outside) assert.equal(isOutside(address, []), true, address);
  });

  it("is none of loopback, private, link-local, shared, multicast or reserved networks", () => {
    const inside = [
      ...["127.0.0.1", "127.8.8.8", "0.0.0.0", "10.213.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"],
      ...["169.254.169.254", "100.64.0.1", "192.0.0.8", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"],
      ...["::1", "::", "fe80::1", "fe80::1%eth0", "fd00::1", "ff02::1", "2001:db8::1"],
    ];
    for (const address of inside) assert.equal(isOutside(address, []), false, address);
  });

  it("is no IPv6 form of an IPv4 address, and no text that is none", () => {
    const forms = ["::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:1.1.1.1", "::127.0.0.1", "64:ff9b::7f00:1"];
    for (const address of [...forms, "2002:7f00:1::", "2001::1", "1.1.1", "localhost", ""])
      assert.equal(isOutside(address, []), false, address);
  });

  it("is none of the machine's own", () => {
    assert.equal(isOutside("1.1.1.1", ["1.1.1.1"]), false);
    assert.equal(isOutside("2606:4700::1111", ["2606:4700::1111"]), false);
  });
});

describe("the way out for image pulls", () => {
  let echo: Server;
  let server: HttpServer | undefined;
  const port = (listening: { address(): unknown }) => (listening.address() as AddressInfo).port;
  const outside = { address: "1.1.1.1", family: 4 };

  before(async () => {
    echo = createServer((socket) => socket.on("error", () => undefined).pipe(socket));
    await once(echo.listen(0, "127.0.0.1"), "listening");
  });
  after(() => echo.close());
  afterEach(() => {
    server?.close();
    server?.closeAllConnections();
  });

  /** The names that were asked for and the addresses that were connected to. Every one of those leads to `echo`. */
  async function start(answers: (typeof outside)[] | Error, changed: Parameters<typeof wayOut>[1] = {}) {
    const seen = { asked: [] as string[], opened: [] as unknown[] };
    server = wayOut("127.0.0.1", {
      resolve: (name) => {
        seen.asked.push(name);
        return answers instanceof Error ? Promise.reject(answers) : Promise.resolve(answers);
      },
      open: async (name, addresses) => {
        seen.opened.push([name, addresses]);
        return connect(port(echo), "127.0.0.1");
      },
      ...changed,
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    return seen;
  }

  function tunnel(to: string): Promise<{ status: number; socket: Socket; said: string }> {
    return new Promise((resolve, reject) => {
      const asked = request({ host: "127.0.0.1", port: port(server!), method: "CONNECT", path: to });
      asked
        .once("connect", (response: IncomingMessage, socket: Socket, head: Buffer) =>
          resolve({ status: response.statusCode!, socket, said: String(head).trim() }),
        )
        .once("error", reject)
        .end();
    });
  }

  it("carries a connection both ways, and its end", async () => {
    const seen = await start([outside]);
    const { status, socket } = await tunnel("registry.example.com:443");
    assert.equal(status, 200);
    socket.write("over there");
    assert.equal(String((await once(socket, "data"))[0]), "over there");
    const over = once(socket, "close");
    socket.end();
    await over;
    assert.deepEqual(seen, { asked: ["registry.example.com"], opened: [["registry.example.com", [outside]]] });
  });

  it("connects only to the addresses that it judged, and only to those outside", async () => {
    const more = { address: "2606:4700::1111", family: 6 };
    const seen = await start([{ address: "10.0.0.1", family: 4 }, outside, { address: "::1", family: 6 }, more]);
    (await tunnel("registry.example.com:443")).socket.destroy();
    assert.deepEqual(seen.opened, [["registry.example.com", [outside, more]]]);
    assert.equal(seen.asked.length, 1, "a second question could have another answer");
  });

  it("refuses a name that leads inside", async () => {
    const seen = await start([
      { address: "127.0.0.1", family: 4 },
      { address: "::ffff:127.0.0.1", family: 6 },
    ]);
    const { status, said, socket } = await tunnel("rebound.example.com:443");
    assert.deepEqual(
      [status, said],
      [403, "rebound.example.com is 127.0.0.1 and ::ffff:127.0.0.1, which is not outside"],
    );
    socket.destroy();
    assert.deepEqual(seen.opened, []);
  });

  it("refuses every port but 443, addresses, and names that no name server of the internet has", async () => {
    const seen = await start([outside]);
    const noName = "the target is not a full name and a port";
    const cases: [string, string][] = [
      ["registry.example.com:22", "port 22 is closed; only 443 is open"],
      ["registry.example.com:80", "port 80 is closed; only 443 is open"],
      ["host.example.com:99999", "port 99999 is closed; only 443 is open"],
      ["api.localhost:443", "api.localhost is not a name of the internet"],
      ["metadata.google.internal:443", "metadata.google.internal is not a name of the internet"],
      ...["1.1.1.1:443", "127.1:443", "0x7f.0x1:443", "2130706433:443", "[::1]:443", "[2606:4700::1111]:443"].map(
        (target): [string, string] => [target, noName],
      ),
      ...["localhost:443", "nonsense", ":::", "registry.example.com"].map((target): [string, string] => [
        target,
        noName,
      ]),
    ];
    for (const [target, reason] of cases) {
      const { status, said, socket } = await tunnel(target);
      assert.deepEqual([status, said], [403, reason], target);
      socket.destroy();
    }
    assert.deepEqual(seen, { asked: [], opened: [] });
  });

  it("says why it can't connect", async () => {
    await start(new Error("getaddrinfo ENOTFOUND gone.example.com"));
    const { status, said, socket } = await tunnel("gone.example.com:443");
    assert.deepEqual([status, said], [502, "getaddrinfo ENOTFOUND gone.example.com"]);
    socket.destroy();
  });

  it("leaves a name that only the machine's proxy knows to the proxy, and no other", async () => {
    const through: string[] = [];
    const proxy = async (name: string) => (through.push(name), connect(port(echo), "127.0.0.1"));
    await start(new Error("getaddrinfo EAI_AGAIN"), { through: proxy });
    const { status, socket } = await tunnel("registry.example.com:443");
    assert.equal(status, 200);
    socket.destroy();
    assert.deepEqual(through, ["registry.example.com"]);
    server!.close();

    await start([{ address: "169.254.169.254", family: 4 }], { through: proxy });
    const refused = await tunnel("metadata.example.com:443");
    assert.equal(refused.status, 403);
    refused.socket.destroy();
    assert.deepEqual(through, ["registry.example.com"]);
  });
});

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { connect as connectSecurely } from "node:tls";
import { loadMover } from "./compiled";
import {
  describeTree,
  errorOf,
  key,
  makeTrees,
  removeTrees,
  resultOf,
  runCopy,
  serve,
  type Serving,
  type Trees,
} from "./tree";

const { RemoteRequests } = loadMover("wire/remote-requests");
const { sourceServer } = loadMover("wire/serving");

const root = process.getuid?.() === 0;

describe("a volume that is served", function () {
  // Each runs several programs, and some copy as much as a disk takes a while for.
  this.timeout(60_000);
  let trees: Trees;
  let serving: Serving | undefined;
  let between: Server | undefined;
  beforeEach(() => (trees = makeTrees()));
  afterEach(() => {
    serving?.stop();
    between?.close();
    [serving, between] = [undefined, undefined];
    removeTrees(trees);
  });

  const copyFrom = (remote: Serving["remote"], env: NodeJS.ProcessEnv = {}) =>
    runCopy("copy", trees, { remote, env: { COPY_PATIENCE: "0", ...env } });
  const large = () => writeFileSync(join(trees.source, "large"), Buffer.alloc(64 * 1024 * 1024, "large"));

  /** A way to the server on which `onData` sees what it sends. */
  async function wayTo(
    { remote }: Serving,
    onData: (data: Buffer, client: Socket) => Buffer,
  ): Promise<Serving["remote"]> {
    between = createServer((client) => {
      const upstream = connect(remote.port, remote.host);
      client.pipe(upstream);
      upstream.on("data", (data: Buffer) => client.write(onData(data, client)));
      for (const socket of [client, upstream])
        socket.on("error", () => undefined).on("close", () => [client, upstream].forEach((each) => each.destroy()));
    }).listen(0, "127.0.0.1");
    await once(between, "listening");
    return { ...remote, port: (between.address() as AddressInfo).port };
  }

  it("arrives with names, links, holes and modes of every kind", async () => {
    const { source } = trees;
    const deep = Array.from({ length: 12 }, (_, i) => `${i}`.repeat(30)).join("/");
    mkdirSync(join(source, deep), { recursive: true });
    for (const name of ["back\\slash\\n", "*", "ü", "\u2028", "-", "quo\"te'", " "])
      writeFileSync(join(source, deep, name), name);
    const odd = Buffer.concat([Buffer.from(`${source}/sparse`), Buffer.from([0xfc, 0x0a])]);
    closeSync(openSync(odd, "w"));
    truncateSync(odd, 5 * 1024 * 1024);
    mkdirSync(join(source, "handed-on"));
    chmodSync(join(source, "handed-on"), 0o2770);
    mkdirSync(join(source, "handed-on/not"));
    chmodSync(join(source, "handed-on/not"), 0o1700);
    symlinkSync("/absolute", join(source, "link"));
    linkSync(join(source, "link"), join(source, "handed-on/link-again"));
    execFileSync("mkfifo", [join(source, "fifo")]);
    linkSync(join(source, "fifo"), join(source, "handed-on/fifo-again"));
    execFileSync("touch", [
      "-h",
      "-d",
      "1969-12-31 23:59:58.250000001",
      join(source, "link"),
      join(source, "fifo"),
      join(source, "handed-on"),
    ]);
    chmodSync(source, 0o750);
    execFileSync("touch", ["-d", "2003-04-05 06:07:08.000000009", source]);
    const before = describeTree(source);
    resultOf(await runCopy("copy", trees, { served: true }));
    assert.deepEqual(describeTree(trees.target), before);
    const ofRoot = (directory: string) => execFileSync("stat", ["-c", "%a %y", directory], { encoding: "utf8" });
    assert.equal(ofRoot(trees.target), ofRoot(source));
  });

  it("arrives whole with more files than fit into one message, kept ones left alone", async () => {
    for (let i = 0; i < 3000; i++) writeFileSync(join(trees.source, `file-${i}-${"x".repeat(180)}`), "");
    assert.equal(resultOf(await runCopy("copy", trees, { served: true })).files, 3000);
    const kept = statSync(join(trees.target, `file-1-${"x".repeat(180)}`)).ino;
    execFileSync("sh", ["-c", "rm file-1?-* && printf '' > .cluster-storage-copy-in-progress"], { cwd: trees.target });
    assert.equal(resultOf(await runCopy("copy", trees, { served: true, resume: true })).files, 3000);
    assert.equal(statSync(join(trees.target, `file-1-${"x".repeat(180)}`)).ino, kept);
  });

  it(
    "is copied on where it broke off when its server was killed, and the copy says that another try may " + "go well",
    async () => {
      large();
      writeFileSync(join(trees.source, "small"), "small");
      serving = await serve(trees.source);
      const server = serving;
      let passed = 0;
      const way = await wayTo(server, (data) => {
        passed += data.length;
        if (passed > 16 * 1024 * 1024) server.stop("SIGKILL");
        return data;
      });
      const { code, outcome } = await copyFrom(way);
      assert.deepEqual([code, "transient" in outcome && outcome.transient], [1, true]);
      assert.match("error" in outcome ? outcome.error : "", /^the connection to the pod at data broke off: /);
      assert.ok(existsSync(join(trees.target, ".cluster-storage-copy-in-progress")));
      resultOf(await runCopy("copy", trees, { served: true }));
      assert.deepEqual(describeTree(trees.target), describeTree(trees.source));
    },
  );

  it("lets no byte through that changed on the way", async () => {
    large();
    serving = await serve(trees.source);
    let passed = 0;
    const way = await wayTo(serving, (data) => {
      const before = passed;
      passed += data.length;
      if (before < 16 * 1024 * 1024 && passed >= 16 * 1024 * 1024) data[data.length >> 1]! ^= 1;
      return data;
    });
    const ended = await copyFrom(way);
    assert.equal(ended.code, 1);
    assert.match(errorOf(ended), /^the connection to the pod at data broke off: (aborted|.*bad record mac)/is);
    resultOf(await copyFrom(serving.remote));
    assert.deepEqual(describeTree(trees.target), describeTree(trees.source));
  });

  it("is given to nobody with another key, for another move, or without any", async () => {
    writeFileSync(join(trees.source, "secret"), "secret");
    serving = await serve(trees.source);
    const { remote } = serving;
    const refused = `the pod at data (127.0.0.1:${remote.port}) has another key than this copy`;
    for (const ended of [
      await copyFrom(remote, { KEY: "another".repeat(10) }),
      await copyFrom({ ...remote, identity: "data-2-to-3" }),
    ])
      assert.deepEqual([ended.code, errorOf(ended)], [1, refused]);
    const stranger = connectSecurely({ ...remote, rejectUnauthorized: false });
    const [error] = (await once(stranger, "error")) as [Error];
    assert.match(error.message, /handshake failure|ECONNRESET|no shared cipher|protocol version/i);
    assert.deepEqual(readdirSync(trees.target), []);
    resultOf(await copyFrom(remote));
  });

  it("is waited for a while, and then said to be out of reach", async () => {
    serving = await serve(trees.source);
    const { remote } = serving;
    serving.stop("SIGKILL");
    await serving.ended;
    const started = performance.now();
    const ended = await copyFrom(remote, { COPY_PATIENCE: "1" });
    assert.ok(performance.now() - started > 1000);
    assert.deepEqual(
      [ended.code, errorOf(ended)],
      [1, `the pod at data can't be reached (127.0.0.1:${remote.port}): connect ECONNREFUSED 127.0.0.1:${remote.port}`],
    );
  });

  it("says so where one of its files goes while it is copied", async () => {
    writeFileSync(join(trees.source, "stays"), "stays");
    writeFileSync(join(trees.source, "goes"), "goes");
    serving = await serve(trees.source);
    // The first answer lists both; what is asked for then comes on connections of their own.
    let connections = 0;
    const way = await wayTo(serving, (data) => data);
    between?.on("connection", () => ++connections === 2 && execFileSync("rm", ["-f", join(trees.source, "goes")]));
    const ended = await copyFrom(way);
    assert.equal(ended.code, 1);
    assert.equal(
      errorOf(ended),
      `a file can't be read: ENOENT: no such file or directory, open '${join(trees.source, "goes")}'`,
    );
  });

  it("is let go when its server is told to end, or has had nothing to do for long", async () => {
    serving = await serve(trees.source);
    serving.stop("SIGTERM");
    assert.equal(await serving.ended, 0);
    serving = await serve(trees.source, { idle: 50 });
    assert.equal(await serving.ended, 0);
  });

  it("is served on for as long as something of it is under way", async () => {
    large();
    let idle = 0;
    const server = sourceServer(
      { source: trees.source, sourceName: "data", identity: "job", port: 0, idle: 200 },
      key,
      () => idle++,
    ).listen(0, "127.0.0.1");
    await once(server, "listening");
    const requests = new RemoteRequests(
      { host: "127.0.0.1", port: (server.address() as AddressInfo).port, identity: "job" },
      "data",
      key,
    );
    let bytes = 0;
    for await (const chunk of requests.ask("/files", () => [Buffer.from("./large\0")])) {
      if (bytes === 0) await setTimeout(600);
      assert.equal(idle, 0);
      bytes += chunk.length;
    }
    assert.ok(bytes > 64 * 1024 * 1024);
    while (idle === 0) await setTimeout(20);
    server.close();
  });

  it("keeps the group of directories that the kubelet made, whose owner no pod can be", async function () {
    if (!root) return this.skip();
    execFileSync("chown", ["4711:4711", trees.source, trees.target, trees.root]);
    mkdirSync(join(trees.source, "subPath"));
    execFileSync("chown", ["0:4711", join(trees.source, "subPath")]);
    chmodSync(join(trees.source, "subPath"), 0o2775);
    execFileSync("install", ["-o", "4711", "-g", "4711", "-m", "600", "/dev/null", join(trees.source, "subPath/file")]);
    resultOf(await runCopy("copy", trees, { served: true, user: 4711 }));
    assert.equal(
      execFileSync("stat", ["-c", "%u:%g %a", join(trees.target, "subPath")], { encoding: "utf8" }),
      "4711:4711 2775\n",
    );
  });
});

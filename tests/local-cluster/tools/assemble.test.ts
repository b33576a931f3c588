import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { silentProgress, type Progress } from "../../../local-cluster/progress";
import { assemble } from "../../../local-cluster/tools/assemble";
import type { Part } from "../../../local-cluster/tools/part";
import { UserError } from "../../../model/user-error";
import { installFakeGo } from "./fake-go";
import { sha256, startMirror, type Mirror } from "./mirror";

const urlOf = (name: string) => `https://dl.example/${name}`;
const digests = Object.fromEntries(["one", "two"].map((name) => [urlOf(name), sha256(`program ${name}`)]));
const quick = { retryAfter: 1, stall: 5000, digests };
const part = (name: string, file = name): Part => ({
  name,
  version: "1.0.0",
  files: [file],
  releases: [{ url: `https://dl.example/${name}`, checksumUrl: `https://dl.example/${name}.sha256`, take: file }],
  programs: [{ module: "none", package: `example.org/cmd/${name}@v1.0.0`, file }],
});
const one = part("one");
const two = part("two", "cni/two");

describe("assembling the tools", function () {
  this.timeout(30_000);
  let mirror: Mirror;
  let root: string;
  let said: string[];
  let progress: Progress;
  const { PATH } = process.env;

  beforeEach(async () => {
    mirror = await startMirror();
    root = await fs.mkdtemp(path.join(tmpdir(), "assemble-"));
    process.env.CLUSTER_STORAGE_MIRROR = mirror.url;
    process.env.CLUSTER_STORAGE_CACHE = path.join(root, "cache");
    process.env.PATH = `${path.join(root, "bin")}:/usr/bin:/bin`;
    said = [];
    progress = { ...silentProgress, info: (text) => said.push(text) };
  });
  afterEach(async () => {
    delete process.env.CLUSTER_STORAGE_MIRROR;
    delete process.env.CLUSTER_STORAGE_CACHE;
    process.env.PATH = PATH;
    await mirror.close();
    await fs.rm(root, { recursive: true, force: true });
  });

  const serve = (...names: string[]) => {
    for (const name of names) mirror.files.set(`/dl.example/${name}`, `program ${name}`);
  };
  const read = (bin: string, file: string) => fs.readFile(path.join(bin, file), "utf8");
  const cached = async () =>
    (await fs.readdir(path.join(root, "cache", "tools")).catch(() => []))
      .map((name) => name.replace(/-[0-9a-f]{12}$/, ""))
      .sort();
  const goLog = () => fs.readFile(path.join(root, "go.log"), "utf8");
  const fakeGo = (options = {}) => installFakeGo(path.join(root, "bin"), path.join(root, "go.log"), options);

  it("downloads each part once, and has them by name", async () => {
    serve("one", "two");
    const bin = await assemble([one, two], progress, quick);
    assert.equal(await read(bin, "one"), "program one");
    assert.equal(await read(bin, "cni/two"), "program two");
    assert.deepEqual(await cached(), ["bin", "one-1.0.0", "two-1.0.0"]);
    const asked = mirror.requests.length;
    assert.equal(await assemble([one, two], progress, quick), bin);
    assert.equal(mirror.requests.length, asked);
    assert.deepEqual(said, []);
  });

  it("fetches only the part that changed", async () => {
    serve("one", "two");
    const before = await assemble([one, two], progress, quick);
    mirror.requests.length = 0;
    const after = await assemble([one, { ...two, version: "1.0.1" }], progress, quick);
    assert.notEqual(after, before);
    assert.deepEqual(mirror.requests, ["GET /dl.example/two"]);
  });

  it("lets concurrent callers wait for one download", async () => {
    serve("one");
    const bins = await Promise.all([1, 2, 3].map(() => assemble([one], progress, quick)));
    assert.equal(new Set(bins).size, 1);
    assert.deepEqual(mirror.requests.filter((request) => request === "GET /dl.example/one").length, 1);
  });

  it("builds what isn't published, and says why", async () => {
    serve("one");
    await fakeGo();
    const bin = await assemble([one, two], progress, quick);
    assert.equal(await read(bin, "one"), "program one");
    assert.equal(await read(bin, "cni/two"), "example.org/cmd/two@v1.0.0");
    assert.match(await goLog(), /^install .* example\.org\/cmd\/two@v1\.0\.0\n$/);
    assert.deepEqual(said, [`${mirror.url}/dl.example/two: HTTP 404: building two`]);
  });

  it("builds all where nothing answers", async () => {
    await fakeGo();
    await mirror.close();
    const bin = await assemble([one, two], progress, quick);
    assert.equal(await read(bin, "one"), "example.org/cmd/one@v1.0.0");
    assert.deepEqual(said, ["dl.example is not reachable: building one, two"]);
  });

  it("stops at a wrong digest, and keeps neither that part nor anything unfinished", async () => {
    serve("one", "two");
    mirror.files.set("/dl.example/two", "changed");
    await fakeGo();
    await assert.rejects(
      assemble([one, two], progress, quick),
      /^UserError: The download of https:\/\/dl\.example\/two is not what is pinned/,
    );
    assert.deepEqual(await cached(), ["one-1.0.0"]);
    await assert.rejects(goLog(), { code: "ENOENT" });
  });

  it("says in one line what it lacks", async () => {
    process.env.PATH = path.join(root, "bin");
    await mirror.close();
    await assert.rejects(assemble([one], progress, quick), (error: Error) => {
      assert(error instanceof UserError);
      assert.match(
        error.message,
        new RegExp(
          String.raw`^Building one needs Go [\d.]+ or newer \(\`go\` is not on PATH\)\. ` +
            String.raw`They have to be built because dl\.example is not reachable\.$`,
        ),
      );
      return true;
    });
    assert.deepEqual(await cached(), []);
  });

  it("refuses a Go that is too old", async () => {
    await fakeGo({ version: "go1.20.1" });
    await mirror.close();
    await assert.rejects(
      assemble([one], progress, quick),
      /Building one needs Go [\d.]+ or newer \(this machine's is 1\.20\.1\)/,
    );
  });

  it("shows what Go said when it fails", async () => {
    await fakeGo({ fail: "x.go:1:2: no such thing" });
    await assert.rejects(
      assemble([one], progress, { from: "build" }),
      new UserError("`go build` failed:\nx.go:1:2: no such thing"),
    );
    assert.deepEqual(await cached(), []);
  });

  it("tells a network that is missing from code that is wrong", async () => {
    await fakeGo({ fail: "go: example.org/x: dial tcp: lookup proxy.example: no such host" });
    await assert.rejects(
      assemble([one], progress, { from: "build" }),
      new UserError(
        "Go's modules could not be downloaded: go: example.org/x: dial tcp: lookup proxy.example: no such host",
      ),
    );
  });

  it("leaves no half tool when it is killed, and cleans up in the next run", async () => {
    serve("one");
    const stuck = new Promise<void>((reached) => {
      mirror.files.set("/dl.example/one", (request, response) => {
        response.writeHead(200, { "content-length": 100 });
        if (request.method === "HEAD") response.end();
        else response.write("half", () => reached());
      });
    });
    const script =
      `require(${JSON.stringify(path.resolve("local-cluster/tools/assemble"))}).assemble(${JSON.stringify([one])}, { ` +
      `step: (title, work) => work(() => {}), info() {} }, { stall: 60000, digests: ${JSON.stringify(digests)} })`;
    const child = spawn(process.execPath, ["--require", "ts-node/register/transpile-only", "--eval", script], {
      stdio: "inherit",
    });
    await stuck;
    child.kill("SIGKILL");
    await once(child, "exit");
    const [left, ...others] = await fs.readdir(path.join(root, "cache", "tools"));
    assert.match(left!, /^\.making-/);
    assert.deepEqual(others, []);

    serve("one");
    const bin = await assemble([one], progress, quick);
    assert.equal(await read(bin, "one"), "program one");
    assert.deepEqual(await cached(), ["bin", "one-1.0.0"]);
  });
});

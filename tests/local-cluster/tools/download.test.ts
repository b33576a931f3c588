import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { downloadRelease } from "../../../local-cluster/tools/download";
import { Unavailable } from "../../../local-cluster/tools/http";
import type { Release } from "../../../local-cluster/tools/part";
import { UserError } from "../../../model/user-error";
import { sha256, startMirror, tgz, type Mirror } from "./mirror";

// A busy machine may be silent for seconds: only the test of that is impatient.
const quick = { retryAfter: 1, stall: 30_000 };
const program = "#!/bin/sh\necho hello\n";
const plain: Release = {
  url: "https://dl.example/v1/tool",
  checksumUrl: "https://dl.example/v1/tool.sha256",
  take: "bin/tool",
};
const archived: Release = {
  url: "https://dl.example/v1/tools.tgz",
  checksumUrl: "https://dl.example/v1/SHA256SUMS",
  take: { "tools/one": "one", "tools/two": "cni/two" },
};

describe("download of a release", () => {
  let mirror: Mirror;
  let directory: string;

  beforeEach(async () => {
    mirror = await startMirror();
    process.env.CLUSTER_STORAGE_MIRROR = mirror.url;
    directory = await fs.mkdtemp(path.join(tmpdir(), "download-"));
  });
  afterEach(async () => {
    delete process.env.CLUSTER_STORAGE_MIRROR;
    await mirror.close();
    await fs.rm(directory, { recursive: true });
  });

  const serve = (name: string, body: Buffer | string) => mirror.files.set(`/dl.example/v1/${name}`, body);
  const download = (release: Release, timing = quick) => downloadRelease(release, directory, timing);
  const files = async () => (await fs.readdir(directory, { recursive: true })).sort();

  it("puts a program under its name, executable", async () => {
    serve("tool", program);
    serve("tool.sha256", sha256(program));
    await download(plain);
    assert.deepEqual(await files(), ["bin", "bin/tool"]);
    assert.equal(await fs.readFile(path.join(directory, "bin/tool"), "utf8"), program);
    assert.equal((await fs.stat(path.join(directory, "bin/tool"))).mode & 0o777, 0o755);
  });

  it("unpacks what the release lists, and nothing else", async () => {
    const archive = await tgz({ "./tools/one": "1", "tools/two": "2", "tools/three": "3", "../../etc/evil": "x" });
    serve("tools.tgz", archive);
    serve("SHA256SUMS", `${sha256("other")}  other.tgz\n${sha256(archive)}  tools.tgz\n`);
    await download(archived);
    assert.deepEqual(await files(), ["cni", "cni/two", "one"]);
    assert.equal(await fs.readFile(path.join(directory, "cni/two"), "utf8"), "2");
    assert.equal((await fs.stat(path.join(directory, "one"))).mode & 0o777, 0o755);
  });

  it("refuses a wrong checksum and keeps nothing", async () => {
    serve("tool", "changed");
    serve("tool.sha256", sha256(program));
    await assert.rejects(download(plain), (error: Error) => {
      assert(error instanceof UserError);
      assert.equal(
        error.message,
        [
          "The download of https://dl.example/v1/tool is not what its project published. Nothing of it was kept.",
          `  sha256 expected ${sha256(program)} (https://dl.example/v1/tool.sha256)`,
          `  sha256 received ${sha256("changed")}`,
          "A proxy or a mirror may have changed it. Try again; if the checksum is wrong again, do not use that mirror.",
        ].join("\n"),
      );
      return true;
    });
    assert.deepEqual(await files(), []);
  });

  it("prefers a checksum that it knows to the published one", async () => {
    serve("tool", program);
    await download({ ...plain, sha256: sha256(program) });
    assert.deepEqual(mirror.requests, ["GET /dl.example/v1/tool"]);
    await assert.rejects(
      download({ ...plain, sha256: sha256("other") }),
      /expected .* \(local-cluster\/versions\.ts\)/,
    );
  });

  it("does without a release that has no checksum", async () => {
    serve("tool", program);
    serve("tool.sha256", "<html>please log in</html>");
    await assert.rejects(download(plain), new Unavailable("https://dl.example/v1/tool.sha256 has no checksum of tool"));
    assert.deepEqual(mirror.requests, ["GET /dl.example/v1/tool.sha256"]);
    assert.deepEqual(await files(), []);
  });

  it("does without a release that isn't there, and asks once", async () => {
    serve("tool.sha256", sha256(program));
    await assert.rejects(download(plain), new Unavailable(`${mirror.url}/dl.example/v1/tool: HTTP 404`));
    assert.deepEqual(mirror.requests, ["GET /dl.example/v1/tool.sha256", "GET /dl.example/v1/tool"]);
    assert.deepEqual(await files(), []);
  });

  it("asks a busy server again", async () => {
    let busy = 2;
    mirror.files.set("/dl.example/v1/tool", (_request, response) =>
      busy-- > 0 ? response.writeHead(503).end() : response.end(program),
    );
    serve("tool.sha256", sha256(program));
    await download(plain);
    assert.equal(mirror.requests.length, 4);
    assert.deepEqual(await files(), ["bin", "bin/tool"]);
  });

  it("gives a server up that stays busy", async () => {
    mirror.files.set("/dl.example/v1/tool", (_request, response) => response.writeHead(500).end());
    serve("tool.sha256", sha256(program));
    await assert.rejects(download(plain), new Unavailable(`${mirror.url}/dl.example/v1/tool: HTTP 500`));
    assert.equal(mirror.requests.length, 5);
  });

  it("asks again for a body that breaks off", async () => {
    let broken = true;
    mirror.files.set("/dl.example/v1/tool", (_request, response) => {
      response.writeHead(200, { "content-length": program.length });
      if (broken) response.write(program.slice(0, 5), () => response.destroy());
      else response.end(program);
      broken = false;
    });
    serve("tool.sha256", sha256(program));
    await download(plain);
    assert.equal(await fs.readFile(path.join(directory, "bin/tool"), "utf8"), program);
  });

  it("gives a connection up that says nothing any more", async () => {
    mirror.files.set("/dl.example/v1/tool", (_request, response) => {
      response.writeHead(200, { "content-length": program.length });
      response.write(program.slice(0, 5));
    });
    serve("tool.sha256", sha256(program));
    await assert.rejects(
      download(plain, { ...quick, stall: 200 }),
      new Unavailable(`${mirror.url}/dl.example/v1/tool: no data for 0.2s`),
    );
    assert.deepEqual(await files(), []);
  });

  it("does without an archive that lacks a file", async () => {
    const archive = await tgz({ "tools/one": "1" });
    serve("tools.tgz", archive);
    serve("SHA256SUMS", `${sha256(archive)}  tools.tgz\n`);
    await assert.rejects(
      download(archived),
      new Unavailable("https://dl.example/v1/tools.tgz does not contain tools/two"),
    );
  });
});

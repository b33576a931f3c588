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
  /** `is`: what is pinned. */
  const download = (release: Release, is: Buffer | string = program, timing = quick) =>
    downloadRelease(release, directory, { ...timing, digests: { [release.url]: sha256(is) } });
  const files = async () => (await fs.readdir(directory, { recursive: true })).sort();

  it("puts a program under its name, executable", async () => {
    serve("tool", program);
    await download(plain);
    assert.deepEqual(await files(), ["bin", "bin/tool"]);
    assert.equal(await fs.readFile(path.join(directory, "bin/tool"), "utf8"), program);
    assert.equal((await fs.stat(path.join(directory, "bin/tool"))).mode & 0o777, 0o755);
  });

  it("unpacks what the release lists, and nothing else", async () => {
    const archive = await tgz({ "./tools/one": "1", "tools/two": "2", "tools/three": "3", "../../etc/evil": "x" });
    serve("tools.tgz", archive);
    await download(archived, archive);
    assert.deepEqual(await files(), ["cni", "cni/two", "one"]);
    assert.equal(await fs.readFile(path.join(directory, "cni/two"), "utf8"), "2");
    assert.equal((await fs.stat(path.join(directory, "one"))).mode & 0o777, 0o755);
  });

  it("refuses a wrong digest and keeps nothing", async () => {
    serve("tool", "changed");
    await assert.rejects(download(plain), (error: Error) => {
      assert(error instanceof UserError);
      assert.equal(
        error.message,
        [
          "The download of https://dl.example/v1/tool is not what is pinned. Nothing of it was kept.",
          `  sha256 expected ${sha256(program)} (local-cluster/digests.json)`,
          `  sha256 received ${sha256("changed")}`,
          "A proxy or a mirror may have changed it. Try again; if the digest is wrong again, do not use that mirror.",
        ].join("\n"),
      );
      return true;
    });
    assert.deepEqual(await files(), []);
  });

  it("downloads nothing whose digest is not pinned, whatever is published beside it", async () => {
    serve("tool", program);
    serve("tool.sha256", sha256(program));
    const others: (Record<string, string> | undefined)[] = [{}, { "https://dl.example/v2/tool": "" }, undefined];
    for (const digests of others)
      await assert.rejects(
        downloadRelease(plain, directory, { ...quick, digests }),
        new Unavailable("https://dl.example/v1/tool: no digest of its release is pinned (npm run pin -- --tools)"),
      );
    assert.deepEqual(mirror.requests, []);
    assert.deepEqual(await files(), []);
  });

  it("does without a release that isn't there, and asks once", async () => {
    await assert.rejects(download(plain), new Unavailable(`${mirror.url}/dl.example/v1/tool: HTTP 404`));
    assert.deepEqual(mirror.requests, ["GET /dl.example/v1/tool"]);
    assert.deepEqual(await files(), []);
  });

  it("asks a busy server again", async () => {
    let busy = 2;
    mirror.files.set("/dl.example/v1/tool", (_request, response) =>
      busy-- > 0 ? response.writeHead(503).end() : response.end(program),
    );
    await download(plain);
    assert.equal(mirror.requests.length, 3);
    assert.deepEqual(await files(), ["bin", "bin/tool"]);
  });

  it("gives a server up that stays busy", async () => {
    mirror.files.set("/dl.example/v1/tool", (_request, response) => response.writeHead(500).end());
    await assert.rejects(download(plain), new Unavailable(`${mirror.url}/dl.example/v1/tool: HTTP 500`));
    assert.equal(mirror.requests.length, 4);
  });

  it("asks again for a body that breaks off", async () => {
    let broken = true;
    mirror.files.set("/dl.example/v1/tool", (_request, response) => {
      response.writeHead(200, { "content-length": program.length });
      if (broken) response.write(program.slice(0, 5), () => response.destroy());
      else response.end(program);
      broken = false;
    });
    await download(plain);
    assert.equal(await fs.readFile(path.join(directory, "bin/tool"), "utf8"), program);
  });

  it("gives a connection up that says nothing any more", async () => {
    mirror.files.set("/dl.example/v1/tool", (_request, response) => {
      response.writeHead(200, { "content-length": program.length });
      response.write(program.slice(0, 5));
    });
    await assert.rejects(
      download(plain, program, { ...quick, stall: 200 }),
      new Unavailable(`${mirror.url}/dl.example/v1/tool: no data for 0.2s`),
    );
    assert.deepEqual(await files(), []);
  });

  it("does without an archive that lacks a file", async () => {
    const archive = await tgz({ "tools/one": "1" });
    serve("tools.tgz", archive);
    await assert.rejects(
      download(archived, archive),
      new Unavailable("https://dl.example/v1/tools.tgz does not contain tools/two"),
    );
  });
});

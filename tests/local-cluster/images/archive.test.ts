import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { pipeline } from "node:stream/promises";
import { zstdDecompressSync } from "node:zlib";
import { extract } from "tar-stream";
import { sha256, writeArchive, type ImageContent } from "../../../local-cluster/images/archive";
import { addDirectory, addFile, addSymlink, collect, layerOf, type FileTree } from "../../../local-cluster/images/tree";

interface Found {
  name: string;
  type: string;
  mode: number;
  owner: string;
  time: number;
  target: string | undefined;
  body: string;
}

async function read(tar: Buffer): Promise<Found[]> {
  const entries = extract();
  const found: Found[] = [];
  const reading = (async () => {
    for await (const entry of entries) {
      const { name, type, mode, uid, gid, mtime, linkname } = entry.header;
      const body = (await collect(entry)).toString("latin1");
      found.push({
        name,
        type: type!,
        mode: mode!,
        owner: `${uid}:${gid}`,
        time: mtime!.getTime(),
        target: linkname ?? undefined,
        body,
      });
    }
  })();
  await Promise.all([pipeline([tar], entries), reading]);
  return found;
}

const tree = (...fill: ((tree: FileTree) => void)[]): FileTree => {
  const result: FileTree = new Map();
  for (const step of fill) step(result);
  return result;
};
const server = (t: FileTree) => addFile(t, "usr/bin/server", "program");
const shell = (t: FileTree) => addSymlink(t, "bin", "usr/bin");
const data = (t: FileTree) => addDirectory(t, "data", { mode: 0o1777, uid: 999 });

const image = (change: Partial<ImageContent> = {}): ImageContent => ({
  name: "thing",
  version: "1",
  layers: [tree(server), tree(shell, data)],
  settings: {
    entrypoint: ["/server"],
    cmd: ["run"],
    user: "999:999",
    workdir: "/data",
    ports: ["80/tcp"],
    volumes: ["/data"],
    env: { A: "b=c" },
    stopSignal: "SIGINT",
  },
  ...change,
});

async function archive(content: ImageContent): Promise<{ image: string; tar: Buffer }> {
  const scratch = await mkdtemp(path.join(tmpdir(), "archive-"));
  try {
    const file = path.join(scratch, "image.tar");
    return { image: await writeArchive(content, file, scratch), tar: await readFile(file) };
  } finally {
    await rm(scratch, { recursive: true });
  }
}

describe("a layer", () => {
  it("has parents, owners, modes and links, and no times", async () => {
    const entry = { time: 0, target: undefined, body: "" };
    assert.deepEqual(await read(await collect(layerOf(tree(server, shell, data)))), [
      { ...entry, name: "bin", type: "symlink", mode: 0o777, owner: "0:0", target: "usr/bin" },
      { ...entry, name: "data", type: "directory", mode: 0o1777, owner: "999:999" },
      { ...entry, name: "usr", type: "directory", mode: 0o755, owner: "0:0" },
      { ...entry, name: "usr/bin", type: "directory", mode: 0o755, owner: "0:0" },
      { ...entry, name: "usr/bin/server", type: "file", mode: 0o755, owner: "0:0", body: "program" },
    ]);
  });

  it("has the content of files of this machine, small and large", async () => {
    const scratch = await mkdtemp(path.join(tmpdir(), "layer-"));
    const bodies = ["", "small", "x".repeat((1 << 20) + 1)];
    const large: FileTree = new Map();
    for (const [index, body] of bodies.entries()) {
      const file = path.join(scratch, String(index));
      await writeFile(file, body);
      large.set(String(index), { type: "file", mode: 0o644, uid: 0, gid: 0, body: file });
    }
    const found = await read(await collect(layerOf(large)));
    await rm(scratch, { recursive: true });
    assert.deepEqual(
      found.map(({ body }) => body),
      bodies,
    );
    await assert.rejects(collect(layerOf(large)), { code: "ENOENT" });
  });

  it("is the same bytes in whatever order it was filled", async () => {
    assert.deepEqual(
      await collect(layerOf(tree(server, shell, data))),
      await collect(layerOf(tree(data, shell, server))),
    );
  });
});

describe("an image archive", () => {
  it("starts with a manifest that names what follows", async () => {
    const [manifest, config, ...layers] = await read((await archive(image())).tar);
    assert.equal(manifest!.name, "manifest.json");
    assert.deepEqual(JSON.parse(manifest!.body), [
      { Config: config!.name, RepoTags: ["localhost/cluster-storage/thing:1"], Layers: layers.map(({ name }) => name) },
    ]);
    assert.equal(config!.name, `${sha256(config!.body)}.json`);
    assert.deepEqual(
      layers.map(({ name, body }) => name === `${sha256(Buffer.from(body, "latin1"))}.tar`),
      [true, true],
    );
  });

  it("says its platform and settings, and only those given", async () => {
    const [, config, ...layers] = await read((await archive(image())).tar);
    assert.deepEqual(JSON.parse(config!.body), {
      architecture: process.arch === "arm64" ? "arm64" : "amd64",
      os: "linux",
      created: "1970-01-01T00:00:00Z",
      config: {
        User: "999:999",
        WorkingDir: "/data",
        Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "A=b=c"],
        Entrypoint: ["/server"],
        Cmd: ["run"],
        ExposedPorts: { "80/tcp": {} },
        Volumes: { "/data": {} },
        StopSignal: "SIGINT",
      },
      rootfs: { type: "layers", diff_ids: layers.map(({ name }) => `sha256:${name.replace(".tar", "")}`) },
    });
    const [, bare] = await read((await archive(image({ settings: {} }))).tar);
    assert.deepEqual(Object.keys((JSON.parse(bare!.body) as { config: object }).config), ["Env"]);
  });

  it("has compressed layers where that is asked for, with the digests of their tars", async () => {
    const [plainManifest, plainConfig, ...plain] = await read((await archive(image())).tar);
    const [manifest, config, ...layers] = await read((await archive(image({ compressed: true }))).tar);
    assert.deepEqual([manifest, config], [plainManifest, plainConfig]);
    const bytes = ({ body }: Found) => Buffer.from(body, "latin1");
    assert.deepEqual(
      layers.map((layer) => zstdDecompressSync(bytes(layer))),
      plain.map(bytes),
    );
  });

  it("is the same bytes for the same content", async () => {
    assert.deepEqual(await archive(image()), await archive(image()));
  });

  it("has another tag for other content where it is pinned", async () => {
    const tag = async (change: Partial<ImageContent>) => (await archive(image({ pinned: true, ...change }))).image;
    const first = await tag({});
    assert.match(first, /^localhost\/cluster-storage\/thing:1-[0-9a-f]{8}$/);
    assert.equal(await tag({}), first);
    assert.notEqual(await tag({ layers: [tree(server)] }), first);
    assert.notEqual(await tag({ settings: {} }), first);
  });
});

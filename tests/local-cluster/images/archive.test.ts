import assert from "node:assert/strict";
import { pipeline } from "node:stream/promises";
import { extract } from "tar-stream";
import { archiveOf, sha256, type ImageContent } from "../../../local-cluster/images/archive";
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

describe("a layer", () => {
  it("has parents, owners, modes and links, and no times", async () => {
    const entry = { time: 0, target: undefined, body: "" };
    assert.deepEqual(await read(await layerOf(tree(server, shell, data))), [
      { ...entry, name: "bin", type: "symlink", mode: 0o777, owner: "0:0", target: "usr/bin" },
      { ...entry, name: "data", type: "directory", mode: 0o1777, owner: "999:999" },
      { ...entry, name: "usr", type: "directory", mode: 0o755, owner: "0:0" },
      { ...entry, name: "usr/bin", type: "directory", mode: 0o755, owner: "0:0" },
      { ...entry, name: "usr/bin/server", type: "file", mode: 0o755, owner: "0:0", body: "program" },
    ]);
  });

  it("is the same bytes in whatever order it was filled", async () => {
    assert.deepEqual(await layerOf(tree(server, shell, data)), await layerOf(tree(data, shell, server)));
  });
});

describe("an image archive", () => {
  it("starts with a manifest that names what follows", async () => {
    const [manifest, config, ...layers] = await read((await archiveOf(image())).tar);
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
    const [, config, ...layers] = await read((await archiveOf(image())).tar);
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
    const [, bare] = await read((await archiveOf(image({ settings: {} }))).tar);
    assert.deepEqual(Object.keys((JSON.parse(bare!.body) as { config: object }).config), ["Env"]);
  });

  it("is the same bytes for the same content", async () => {
    assert.deepEqual(await archiveOf(image()), await archiveOf(image()));
  });

  it("has another tag for other content where it is pinned", async () => {
    const tag = async (change: Partial<ImageContent>) => (await archiveOf(image({ pinned: true, ...change }))).image;
    const first = await tag({});
    assert.match(first, /^localhost\/cluster-storage\/thing:1-[0-9a-f]{8}$/);
    assert.equal(await tag({}), first);
    assert.notEqual(await tag({ layers: [tree(server)] }), first);
    assert.notEqual(await tag({ settings: {} }), first);
  });
});

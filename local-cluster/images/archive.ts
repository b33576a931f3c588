import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { open, rename } from "node:fs/promises";
import * as path from "node:path";
import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createZstdCompress } from "node:zlib";
import { tarOf } from "./tar";
import { layerOf, type FileTree } from "./tree";

/** The settings of a container that does not set its own. */
export interface ImageSettings {
  entrypoint?: string[];
  cmd?: string[];
  env?: Record<string, string>;
  /** `uid:gid`, in numbers: `runAsNonRoot` can't judge a name. */
  user?: string;
  workdir?: string;
  /** Such as `6379/tcp`. */
  ports?: string[];
  volumes?: string[];
  /** Default: SIGTERM. */
  stopSignal?: string;
}

export interface ImageContent {
  /** Without registry and tag, such as `redis`. */
  name: string;
  /** The tag, or its first part where `pinned` is set. */
  version: string;
  /** Ends the tag with the content's digest, so that a changed image is never taken for the one already imported. */
  pinned?: boolean;
  /** Lowest first. */
  layers: FileTree[];
  settings: ImageSettings;
  /** Whether its layers are compressed: for an image of a gigabyte, which is unpacked once and kept for months. */
  compressed?: boolean;
}

/** No such registry exists. With the policy `IfNotPresent` the kubelet finds the image that was imported. */
const REPOSITORY = "localhost/cluster-storage";

/**
 * Writes the image to `file` as a docker-archive, completely or not at all, and returns its full reference. Its layers
 * are in `scratch` meanwhile. Equal content gives equal bytes.
 */
export async function writeArchive(content: ImageContent, file: string, scratch: string): Promise<string> {
  const { name, version, pinned, settings } = content;
  const layers: Layer[] = [];
  for (const [index, tree] of content.layers.entries())
    layers.push(await writeLayer(tree, path.join(scratch, `layer-${index}`), content.compressed ?? false));
  const config = Buffer.from(JSON.stringify(configOf(settings, layers)));
  const id = sha256(config);
  const image = `${REPOSITORY}/${name}:${pinned ? `${version}-${id.slice(0, 8)}` : version}`;
  const manifest = [{ Config: `${id}.json`, RepoTags: [image], Layers: layers.map(({ digest }) => `${digest}.tar`) }];

  const entries: [string, Buffer | string][] = [
    ["manifest.json", Buffer.from(JSON.stringify(manifest))],
    [`${id}.json`, config],
    ...layers.map(({ digest, file }): [string, string] => [`${digest}.tar`, file]),
  ];
  await writeWhole(file, tarOf(entries.map(([name, body]) => ({ header: { name, type: "file", mode: 0o644 }, body }))));
  return image;
}

interface Layer {
  /** SHA-256 of the tar, before it is compressed. */
  digest: string;
  file: string;
}

/** Writes the layer's tar, compressed or not, to `file`. */
async function writeLayer(tree: FileTree, file: string, compressed: boolean): Promise<Layer> {
  const hash = createHash("sha256");
  const hashed = new PassThrough().on("data", (chunk: Buffer) => hash.update(chunk));
  const written = compressed ? [createZstdCompress(), createWriteStream(file)] : [createWriteStream(file)];
  await pipeline([Readable.from(layerOf(tree)), hashed, ...written]);
  return { digest: hash.digest("hex"), file };
}

/** The config names the platform: without it, containerd drops the image and reports no error. */
function configOf(settings: ImageSettings, layers: Layer[]): object {
  return {
    architecture: process.arch === "arm64" ? "arm64" : "amd64",
    os: "linux",
    created: "1970-01-01T00:00:00Z",
    config: {
      User: settings.user,
      WorkingDir: settings.workdir,
      Env: Object.entries({ PATH: PATHS, ...settings.env }).map(([key, value]) => `${key}=${value}`),
      Entrypoint: settings.entrypoint,
      Cmd: settings.cmd,
      ExposedPorts: settings.ports && asKeys(settings.ports),
      Volumes: settings.volumes && asKeys(settings.volumes),
      StopSignal: settings.stopSignal,
    },
    rootfs: { type: "layers", diff_ids: layers.map(({ digest }) => `sha256:${digest}`) },
  };
}

export const PATHS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Writes the file completely or not at all, even when the power fails. */
export async function writeWhole(file: string, body: Buffer | string | AsyncIterable<unknown>): Promise<void> {
  const partial = `${file}.partial`;
  const handle = await open(partial, "w", 0o644);
  try {
    await handle.writeFile(body as Buffer | AsyncIterable<Buffer>);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(partial, file);
}

export function sha256(body: Buffer | string): string {
  return createHash("sha256").update(body).digest("hex");
}

function asKeys(names: string[]): Record<string, object> {
  return Object.fromEntries(names.map((name) => [name, {}]));
}

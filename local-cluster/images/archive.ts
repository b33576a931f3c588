import { createHash } from "node:crypto";
import { open, rename } from "node:fs/promises";
import { pack } from "tar-stream";
import { collect, layerOf, type FileTree } from "./tree";

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
}

export interface Archive {
  /** Full reference, such as `localhost/cluster-storage/pause:1`. */
  image: string;
  tar: Buffer;
}

/** No such registry exists. With the policy `IfNotPresent` the kubelet finds the image that was imported. */
const REPOSITORY = "localhost/cluster-storage";

/** The image as a docker-archive; `manifest.json` comes first. Equal content gives equal bytes. */
export async function archiveOf({ name, version, pinned, layers, settings }: ImageContent): Promise<Archive> {
  const tars = await Promise.all(layers.map(layerOf));
  const digests = tars.map(sha256);
  const config = Buffer.from(JSON.stringify(configOf(settings, digests)));
  const id = sha256(config);
  const image = `${REPOSITORY}/${name}:${pinned ? `${version}-${id.slice(0, 8)}` : version}`;
  const manifest = [{ Config: `${id}.json`, RepoTags: [image], Layers: digests.map((digest) => `${digest}.tar`) }];

  const tar = pack();
  const add = (entry: string, body: Buffer) =>
    tar.entry({ name: entry, mode: 0o644, mtime: new Date(0), size: body.length }, body);
  add("manifest.json", Buffer.from(JSON.stringify(manifest)));
  add(`${id}.json`, config);
  digests.forEach((digest, index) => add(`${digest}.tar`, tars[index]!));
  tar.finalize();
  return { image, tar: await collect(tar) };
}

/** The config names the platform: without it, containerd drops the image and reports no error. */
function configOf(settings: ImageSettings, layerDigests: string[]): object {
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
    rootfs: { type: "layers", diff_ids: layerDigests.map((digest) => `sha256:${digest}`) },
  };
}

export const PATHS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Writes the file completely or not at all, even when the power fails. */
export async function writeWhole(file: string, body: Buffer | string): Promise<void> {
  const partial = `${file}.partial`;
  const handle = await open(partial, "w", 0o644);
  try {
    await handle.writeFile(body);
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

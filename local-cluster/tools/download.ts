import { createReadStream, createWriteStream } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import { UserError } from "../../model/user-error";
import { digests, type Digests } from "../versions";
import { fetchFile, Unavailable, type HttpOptions } from "./http";
import type { Release } from "./part";

export interface DownloadOptions extends HttpOptions {
  /** What the files have to be; default: the repository's. */
  digests?: Digests;
}

/** Why a release is not downloaded: undefined where its digest is pinned. */
export function unpinned({ url }: Release, pinned = digests): string | undefined {
  return url in pinned ? undefined : "no digest of its release is pinned (npm run pin -- --tools)";
}

/**
 * Downloads a release, checks its digest, and puts its files into `directory`. Throws Unavailable where no digest is
 * pinned or the release cannot be downloaded, UserError where it has another digest.
 */
export async function downloadRelease(
  release: Release,
  directory: string,
  options: DownloadOptions = {},
): Promise<void> {
  const { digests: pinned = digests } = options;
  const why = unpinned(release, pinned);
  if (why) throw new Unavailable(`${release.url}: ${why}`);
  const wanted = pinned[release.url]!;
  const name = path.posix.basename(new URL(release.url).pathname);
  const file = path.join(directory, `.download-${name}`);
  try {
    const got = await fetchFile(release.url, file, options);
    if (got !== wanted) throw new UserError(wrongDigest(release, wanted, got));
    if (typeof release.take === "string") await place(file, path.join(directory, release.take));
    else await unpack(file, release, directory);
  } finally {
    await fs.rm(file, { force: true });
  }
}

function wrongDigest({ url }: Release, wanted: string, got: string): string {
  return [
    `The download of ${url} is not what is pinned. Nothing of it was kept.`,
    `  sha256 expected ${wanted} (local-cluster/digests.json)`,
    `  sha256 received ${got}`,
    "A proxy or a mirror may have changed it. Try again; if the digest is wrong again, do not use that mirror.",
  ].join("\n");
}

async function place(file: string, target: string): Promise<void> {
  await fs.mkdir(path.dirname(target), { recursive: true });
  await fs.rename(file, target);
  await fs.chmod(target, 0o755);
}

/** Writes only the files that the release lists, under our own names: the archive cannot decide where files go. */
async function unpack(file: string, release: Release, directory: string): Promise<void> {
  const missing = new Map(Object.entries(release.take));
  const entries = extract();
  const unpacking = pipeline(createReadStream(file), createGunzip(), entries);
  unpacking.catch((error: Error) => entries.destroy(error));
  for await (const entry of entries) {
    const name = path.posix.normalize(entry.header.name);
    const target = missing.get(name);
    if (target === undefined || entry.header.type !== "file") {
      entry.resume();
      continue;
    }
    const destination = path.join(directory, target);
    await fs.mkdir(path.dirname(destination), { recursive: true });
    await pipeline(entry, createWriteStream(destination, { mode: 0o755 }));
    missing.delete(name);
  }
  await unpacking;
  if (missing.size > 0) throw new Unavailable(`${release.url} does not contain ${[...missing.keys()].join(", ")}`);
}

import { createReadStream, createWriteStream } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import { UserError } from "../../model/user-error";
import { findChecksum, type Checksum } from "./checksum";
import { fetchFile, fetchText, Unavailable, type HttpOptions } from "./http";
import type { Release } from "./part";

/**
 * Downloads a release, checks its checksum, and puts its files into `directory`.
 * Throws Unavailable where the release or its checksum cannot be downloaded, UserError where the checksum is wrong.
 */
export async function downloadRelease(release: Release, directory: string, options: HttpOptions = {}): Promise<void> {
  const name = path.posix.basename(new URL(release.url).pathname);
  const wanted = await checksumOf(release, name, options);
  const file = path.join(directory, `.download-${name}`);
  try {
    const got = await fetchFile(release.url, file, wanted.algorithm, options);
    if (got !== wanted.digest) throw new UserError(wrongChecksum(release, wanted, got));
    if (typeof release.take === "string") await place(file, path.join(directory, release.take));
    else await unpack(file, release, directory);
  } finally {
    await fs.rm(file, { force: true });
  }
}

async function checksumOf(release: Release, name: string, options: HttpOptions): Promise<Checksum> {
  if (release.sha256) return { algorithm: "sha256", digest: release.sha256 };
  const found = findChecksum(await fetchText(release.checksumUrl, options), name);
  if (!found) throw new Unavailable(`${release.checksumUrl} has no checksum of ${name}`);
  return found;
}

function wrongChecksum(release: Release, { algorithm, digest }: Checksum, got: string): string {
  const source = release.sha256 ? "local-cluster/versions.ts" : release.checksumUrl;
  return [
    `The download of ${release.url} is not what its project published. Nothing of it was kept.`,
    `  ${algorithm} expected ${digest} (${source})`,
    `  ${algorithm} received ${got}`,
    "A proxy or a mirror may have changed it. Try again; if the checksum is wrong again, do not use that mirror.",
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

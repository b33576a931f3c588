import * as path from "node:path";
import type { Digests } from "../versions";
import { findChecksum } from "./checksum";
import { fetchText, Unavailable, type HttpOptions } from "./http";
import type { Part, Release } from "./part";

/** What a look at the releases found. */
export interface Pins {
  /** All that is to be pinned, by address, sorted. */
  digests: Digests;
  /** Addresses that had none before. */
  added: string[];
  /** Addresses of earlier versions, which no release has any more. */
  dropped: string[];
  /** Why a release has no digest still. */
  missing: string[];
  /** A published file never changes, so these are reasons to write nothing. */
  changed: string[];
}

/**
 * Reads what the projects publish beside their releases, and compares it with what is pinned. Where a host isn't
 * reached, what is pinned stays.
 */
export async function pinReleases(parts: Part[], pinned: Digests, options: HttpOptions = {}): Promise<Pins> {
  const releases = parts.flatMap((part) => part.releases);
  const asked = await Promise.all(releases.map((release) => ask(release, options)));
  const found = releases.map(({ url }, i): [string, string | undefined] => [url, asked[i]!.digest ?? pinned[url]]);
  const digests = Object.fromEntries(found.filter((each): each is [string, string] => each[1] !== undefined).sort());
  return {
    digests,
    added: Object.keys(digests).filter((url) => !(url in pinned)),
    dropped: Object.keys(pinned).filter((url) => !releases.some((release) => release.url === url)),
    missing: releases.flatMap(({ url }, i) => (url in digests ? [] : [`${url}: ${asked[i]!.why}`])),
    changed: releases.flatMap(({ url }, i) => {
      const [was, is] = [pinned[url], asked[i]!.digest];
      return was !== undefined && is !== undefined && was !== is ? [`${url}: pinned ${was}, published ${is}`] : [];
    }),
  };
}

async function ask({ url, checksumUrl }: Release, options: HttpOptions): Promise<{ digest?: string; why?: string }> {
  try {
    const found = findChecksum(await fetchText(checksumUrl, options), path.posix.basename(new URL(url).pathname));
    if (found?.algorithm === "sha256") return { digest: found.digest };
    return { why: `${checksumUrl} has no SHA-256 of it` };
  } catch (error) {
    if (error instanceof Unavailable) return { why: error.message };
    throw error;
  }
}

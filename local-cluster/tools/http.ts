import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import pRetry, { AbortError } from "p-retry";

/** A release that cannot be downloaded, which is a reason to build it. */
export class Unavailable extends Error {}

export interface HttpOptions {
  /** Milliseconds before the second try, doubled for each further one; default 500. */
  retryAfter?: number;
  /** Milliseconds without any data after which a try ends; default 30 s. */
  stall?: number;
}

/** The address that is asked instead of `url` where CLUSTER_STORAGE_MIRROR names a mirror. */
function mirrored(url: string): string {
  const mirror = process.env.CLUSTER_STORAGE_MIRROR;
  if (!mirror) return url;
  const { host, pathname } = new URL(url);
  return `${mirror.replace(/\/$/, "")}/${host}${pathname}`;
}

const known = new Map<string, Promise<boolean>>();

/** Whether the host of `url`, or the mirror in its place, answers at all within 3 s; asked once per run. */
export function reachable(url: string, { mirror = true } = {}): Promise<boolean> {
  const address = mirror ? mirrored(url) : url;
  const { origin } = new URL(address);
  const answer = known.get(origin) ?? answers(address);
  known.set(origin, answer);
  return answer;
}

async function answers(address: string): Promise<boolean> {
  try {
    const response = await fetch(address, { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(3000) });
    await response.body?.cancel();
    return true;
  } catch {
    return false;
  }
}

export async function fetchText(url: string, options: HttpOptions = {}): Promise<string> {
  return retried(url, options, async (response) => response.text());
}

/** Streams `url` into `file` and returns the SHA-256 of what arrived. */
export async function fetchFile(url: string, file: string, options: HttpOptions = {}): Promise<string> {
  return retried(url, options, async (response, alive) => {
    const hash = createHash("sha256");
    const received = async function* () {
      for await (const chunk of response.body ?? []) {
        alive();
        hash.update(chunk);
        yield chunk;
      }
    };
    await pipeline(received, createWriteStream(file));
    return hash.digest("hex");
  });
}

/** Tries again when the server is busy or the connection breaks, but not when the server has no such file. */
async function retried<T>(
  url: string,
  options: HttpOptions,
  read: (response: Response, alive: () => void) => Promise<T>,
): Promise<T> {
  const address = mirrored(url);
  const attempt = async () => {
    const giveUp = new AbortController();
    const stall = options.stall ?? 30_000;
    const timer = setTimeout(() => giveUp.abort(new Error(`no data for ${stall / 1000}s`)), stall);
    try {
      const response = await fetch(address, { signal: giveUp.signal });
      if (!response.ok) await refused(response);
      return await read(response, () => timer.refresh());
    } finally {
      clearTimeout(timer);
    }
  };
  try {
    return await pRetry(attempt, {
      retries: 3,
      minTimeout: options.retryAfter ?? 500,
      shouldRetry: ({ error }) => !(error instanceof Unavailable),
    });
  } catch (error) {
    throw error instanceof Unavailable ? error : new Unavailable(`${address}: ${reason(error)}`);
  }
}

async function refused(response: Response): Promise<never> {
  await response.body?.cancel();
  const passing = response.status >= 500 || response.status === 429;
  throw passing
    ? new Error(`HTTP ${response.status}`)
    : new AbortError(new Unavailable(`${response.url}: HTTP ${response.status}`));
}

/** Node's fetch hides the cause behind "fetch failed". */
function reason(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { message?: string; code?: string } };
  return cause?.message || cause?.code || message;
}

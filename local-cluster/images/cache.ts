import { existsSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import * as path from "node:path";
import { withLock } from "../lock.mjs";
import { sha256, writeArchive, writeWhole, type ImageContent } from "./archive";
import { digestOfCode } from "./made-of";

export interface Recipe {
  name: string;
  /** The folder here that has its code; default: the one of its name. */
  folder?: string;
  /** What the image is made of beside the code in its own folder and what that imports, such as a program's digest. */
  from: string;
  /** `scratch` is an empty directory that is gone afterwards. */
  build(scratch: string): Promise<ImageContent>;
}

export interface CachedImage {
  archive: string;
  /** Full reference. */
  image: string;
}

/**
 * The recipe's archive in `directory`; it is built where it does not exist. Its name contains a hash of everything that
 * the image is made of, so an archive is never out of date.
 */
export async function cachedImage(
  directory: string,
  recipe: Recipe,
  building: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<CachedImage> {
  const base = path.join(directory, `${recipe.name}-${await contentVersion(recipe)}`);
  const present = await readCached(base);
  if (present) return present;
  await mkdir(directory, { recursive: true });
  return withLock(base, async () => (await readCached(base)) ?? building(() => build(base, recipe)));
}

/** The record beside the archive is written last: where it exists, the archive is complete. */
async function readCached(base: string): Promise<CachedImage | undefined> {
  if (!existsSync(`${base}.json`) || !existsSync(`${base}.tar`)) return undefined;
  const { image } = JSON.parse(await readFile(`${base}.json`, "utf8")) as { image: string };
  return { archive: `${base}.tar`, image };
}

async function build(base: string, recipe: Recipe): Promise<CachedImage> {
  const scratch = `${base}.scratch`;
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  try {
    const image = await writeArchive(await recipe.build(scratch), `${base}.tar`, scratch);
    await writeWhole(`${base}.json`, `${JSON.stringify({ image })}\n`);
    return { archive: `${base}.tar`, image };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function contentVersion({ name, folder = name, from }: Recipe): Promise<string> {
  const code = await digestOfCode(path.join(__dirname, folder), [__filename]);
  return sha256([process.arch, code, from].join("\n")).slice(0, 16);
}

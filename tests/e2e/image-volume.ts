import assert from "node:assert/strict";
import { chmod, chown, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { cachedImage, type Recipe } from "../../local-cluster/images/cache";
import { cacheDir } from "../../local-cluster/paths";
import { unpackArchive, type Unpacked } from "./image-run";

/** The machine's apt, with lists of our own where it has none. */
export const apt = { lists: path.join(cacheDir(), "apt-lists"), env: process.env };

/** A fresh volume as the kubelet hands it over: root's, writable for the pod's group. */
export async function volume(gid: number): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), "volume-"));
  await chown(directory, 0, gid);
  await chmod(directory, 0o2775);
  return directory;
}

/** The image of a recipe, unpacked to run without a container runtime. */
export async function unpacked(recipe: Recipe): Promise<Unpacked> {
  const { archive } = await cachedImage(path.join(cacheDir(), "images"), recipe, (work) => work());
  return unpackArchive(archive);
}

/** Waits for three minutes at most until `holds`. `pause`: in ms, between two looks. */
export async function until(what: string, holds: () => Promise<boolean> | boolean, pause = 2): Promise<void> {
  for (const end = Date.now() + 180_000; Date.now() < end; await delay(pause)) if (await holds()) return;
  assert.fail(`not within three minutes: ${what}`);
}

import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { cacheDir } from "../../paths";
import type { Progress } from "../../progress";
import { ensureRestic } from "../../tools";
import { versions } from "../../versions";
import { sha256 } from "../archive";
import { busyboxLayer } from "../base";
import { cachedImage, type CachedImage, type Recipe } from "../cache";
import type { Apt } from "../debian";
import { addFile, type FileTree } from "../tree";

/** restic where upstream's image has it, and the shell's commands, by which a pod copies it. */
function restic(program: Buffer, apt: Apt): Recipe {
  return {
    name: "restic",
    from: sha256(program),
    async build(scratch) {
      const base = await busyboxLayer(["busybox-static"], `${scratch}/base`, apt);
      const own: FileTree = new Map();
      addFile(own, "usr/bin/restic", program);
      const settings = { entrypoint: ["/usr/bin/restic"], user: "65532:65532" };
      return { name: "restic", version: versions.restic, pinned: true, layers: [base, own], settings };
    },
  };
}

/**
 * Makes the image apart from the others, because only a stack with backups needs it and restic takes minutes to build.
 */
export async function ensureResticImage(env: NodeJS.ProcessEnv, progress: Progress): Promise<CachedImage> {
  const program = await readFile(await ensureRestic(progress));
  const apt = { lists: path.join(cacheDir(), "apt-lists"), env: { ...process.env, ...env } };
  return cachedImage(path.join(cacheDir(), "images"), restic(program, apt), (work) =>
    progress.step("making the restic image", work),
  );
}

import { createHash } from "node:crypto";
import { digestOfAll } from "../../../mover/copy/compare";
import { movedAnnotation } from "../../../model/metadata";
import type { Moved } from "../../../model/mover";
import { walk } from "../../../mover/copy/walk";
import type { Kube } from "../../../kube/client";
import { loadMover } from "../../mover/compiled";

const { Hashers } = loadMover("copy/hashing");

export interface VolumeDigest {
  /** Over all files' paths and bytes, as a move notes it on the target claim. */
  content: string;
  /** Over what else a volume is too: directories, links, owners, modes and times. */
  everything: string;
}

/** The directory of this host that a claim's local volume is. */
export async function directoryOf({ core }: Kube, namespace: string, claim: string): Promise<string> {
  const { spec } = await core.readNamespacedPersistentVolumeClaim({ name: claim, namespace });
  const volume = await core.readPersistentVolume({ name: spec!.volumeName! });
  const path = volume.spec?.local?.path ?? volume.spec?.hostPath?.path;
  if (!path) throw new Error(`claim ${claim} is on no directory of this host`);
  return path;
}

export async function digestOf(kube: Kube, namespace: string, claim: string): Promise<VolumeDigest> {
  return digestIn(await directoryOf(kube, namespace, claim));
}

/** Of what a directory of this host holds. */
export async function digestIn(root: string): Promise<VolumeDigest> {
  const entries = walk(root, (path: string | Buffer) => {
    throw new Error(`${String(path)} can't be read`);
  });
  const hashers = new Hashers(1);
  try {
    const digests = await hashers.digest(root, entries, () => undefined);
    const everything = createHash("sha256");
    const sorted = [...entries].sort((a, b) => Buffer.compare(a.path, b.path));
    for (const { path, key, type, mode, uid, gid, size, mtime } of sorted) {
      everything
        .update(path)
        .update([key, type, mode, uid, gid, type === "directory" ? 0 : size, mtime, digests.get(key)].join("\0"));
    }
    return { content: digestOfAll(entries, digests), everything: everything.digest("hex") };
  } finally {
    await hashers.close();
  }
}

/** What the move that filled a claim found; undefined where none has ended there. */
export async function movedTo({ core }: Kube, namespace: string, claim: string): Promise<Moved | undefined> {
  const { metadata } = await core.readNamespacedPersistentVolumeClaim({ name: claim, namespace });
  const note = metadata?.annotations?.[movedAnnotation];
  return note === undefined ? undefined : (JSON.parse(note) as Moved);
}

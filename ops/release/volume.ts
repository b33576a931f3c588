import type { ReleaseNote } from "../../model/facts";
import { releasingAnnotation } from "../../model/metadata";
import type { Kube } from "../../kube/client";
import { mergePatch } from "../../kube/patch";

/** Notes on a volume that its release has begun; without a note, takes the note away. Nothing else is changed. */
export async function noteRelease(kube: Kube, name: string, note?: ReleaseNote): Promise<void> {
  const annotations = { [releasingAnnotation]: note ? JSON.stringify(note) : null };
  const patch = { apiVersion: "v1", kind: "PersistentVolume", metadata: { name, annotations } };
  await mergePatch(kube, patch);
}

/**
 * Gives a volume up whose claim is gone: its provisioner deletes it with its data. The API server refuses (422) where
 * the volume was kept for another claim meanwhile.
 */
export async function giveUp(kube: Kube, name: string, claimUid: string): Promise<void> {
  await kube.core.patchPersistentVolume({
    name,
    body: [
      { op: "test", path: "/spec/claimRef/uid", value: claimUid },
      { op: "replace", path: "/spec/persistentVolumeReclaimPolicy", value: "Delete" },
    ],
  });
}

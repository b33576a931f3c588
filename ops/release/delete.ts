import { PatchStrategy } from "@kubernetes/client-node";
import type { VolumeFacts } from "../../model/facts";
import type { VolumePlan } from "../../model/storage";
import { ifFound, type Kube } from "../../kube/client";
import { NotYet, waitFor } from "../terminal/wait";
import type { ReleaseFacts } from "./decide";
import { lookUpClaim, lookUpVolume } from "../../kube/look-up";

/** How long the deletion of the claim, and then of the volume, may take, in ms. */
const patience = 300_000;

/**
 * Deletes one claim. If a provisioner made its volume, the volume is deleted with the data. Returns when both are gone.
 * Continues where an earlier release was killed. Throws a UserError for what isn't gone in time.
 */
export async function deleteVolume(
  kube: Kube,
  { name, namespace }: VolumePlan,
  { claim, volume }: ReleaseFacts,
): Promise<void> {
  // A volume that was made by hand stays as it is: the person who made it decides about its data.
  const provisioned = volume?.provisioned;
  // The policy changes first, so that nothing is left on the node after the claim is gone.
  if (provisioned && volume.reclaimPolicy !== "Delete") await deleteWithClaim(kube, volume.name);
  if (claim && !claim.deleting) {
    await ifFound(
      kube.core.deleteNamespacedPersistentVolumeClaim({
        name,
        namespace,
        body: { preconditions: { uid: claim.uid } },
      }),
    );
  }
  await waitUntilGone(`claim ${name}`, async () => {
    const now = await lookUpClaim(kube, namespace, name);
    const stays = now !== undefined && now.uid === claim?.uid;
    return stays ? "a pod may use it again" : undefined;
  });
  if (provisioned)
    await waitUntilGone(`volume ${volume.name}`, async () => stateOf(await lookUpVolume(kube, volume.name)));
}

async function deleteWithClaim(kube: Kube, name: string): Promise<void> {
  const patch = {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name },
    spec: { persistentVolumeReclaimPolicy: "Delete" },
  };
  await kube.objects.patch(patch, undefined, undefined, undefined, undefined, PatchStrategy.MergePatch);
}

function stateOf(volume: VolumeFacts | undefined): string | undefined {
  if (!volume) return undefined;
  const { phase, message } = volume;
  return `its phase is ${phase}${message ? `: ${message}` : ""}`;
}

/**
 * `reason` says why an object is still there; undefined means that it is gone. Throws a UserError if it
 * isn't gone in time.
 */
async function waitUntilGone(what: string, reason: () => Promise<string | undefined>): Promise<void> {
  const look = async () => {
    const why = await reason();
    if (why !== undefined)
      throw new NotYet(`${what} is still terminating after ${patience / 1000} s (${why}); run this command again`);
  };
  await waitFor(look, { patience, every: 500 });
}

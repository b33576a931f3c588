import { PatchStrategy } from "@kubernetes/client-node";
import type { VolumeFacts } from "../../model/facts";
import type { VolumePlan } from "../../model/storage";
import { ifFound, type Kube } from "../../kube/client";
import { NotYet, waitFor } from "../terminal/wait";
import type { ReleaseFacts } from "./decide";
import { lookUpClaim, lookUpVolume } from "../../kube/look-up";

/** How long the claim, and then the volume, may take to go, in ms. */
const patience = 300_000;

/**
 * Deletes one claim and, where a provisioner made it, its volume with the data; returns when both are gone. Continues
 * where an earlier release was killed. Throws a UserError for what doesn't go in time.
 */
export async function deleteVolume(
  kube: Kube,
  { name, namespace }: VolumePlan,
  { claim, volume }: ReleaseFacts,
): Promise<void> {
  // A volume that was made by hand is left as it is: whoever made it decides about its data.
  const provisioned = volume?.provisioned;
  // First, so that nothing is left on the node once the claim is gone.
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

/** `reason` says why an object is still there; undefined when it is gone. Throws a UserError where it isn't in time. */
async function waitUntilGone(what: string, reason: () => Promise<string | undefined>): Promise<void> {
  const look = async () => {
    const why = await reason();
    if (why !== undefined)
      throw new NotYet(`${what} is still terminating after ${patience / 1000} s (${why}); run this command again`);
  };
  await waitFor(look, { patience, every: 500 });
}

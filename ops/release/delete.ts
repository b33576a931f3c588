import { PatchStrategy, type V1PersistentVolume } from "@kubernetes/client-node";
import type { VolumePlan } from "../../model/storage";
import { ifFound, type Kube } from "../../kube/client";
import { NotYet, waitFor } from "../terminal/wait";
import type { ReleaseFacts } from "./decide";
import { readClaim, readVolume } from "./facts";

/** How long the claim, and then the volume, may take to go, in ms. */
const patience = 300_000;

/** Whether a provisioner made the volume, and so deletes its data. A volume that was made by hand stays. */
export const isProvisioned = ({ metadata }: V1PersistentVolume) =>
  metadata?.annotations?.["pv.kubernetes.io/provisioned-by"] !== undefined;

/**
 * Deletes one claim and, where a provisioner made it, its volume with the data; returns when both are gone. Continues
 * where an earlier release was killed. Throws a UserError for what doesn't go in time.
 */
export async function deleteVolume(
  kube: Kube,
  { name, namespace }: VolumePlan,
  { claim, volume }: ReleaseFacts,
): Promise<void> {
  const provisioned = volume && isProvisioned(volume);
  // First, so that nothing is left on the node once the claim is gone.
  if (provisioned && volume.spec?.persistentVolumeReclaimPolicy !== "Delete") await deleteWithClaim(kube, volume);
  if (claim && claim.metadata?.deletionTimestamp === undefined) {
    await ifFound(
      kube.core.deleteNamespacedPersistentVolumeClaim({
        name,
        namespace,
        body: { preconditions: { uid: claim.metadata?.uid } },
      }),
    );
  }
  await waitUntilGone(`claim ${name}`, async () => {
    const now = await readClaim(kube, namespace, name);
    const stays = now !== undefined && now.metadata?.uid === claim?.metadata?.uid;
    return stays ? "a pod may use it again" : undefined;
  });
  if (provisioned)
    await waitUntilGone(`volume ${volume.metadata?.name}`, async () =>
      stateOf(await readVolume(kube, volume.metadata?.name ?? "")),
    );
}

async function deleteWithClaim(kube: Kube, { metadata }: V1PersistentVolume): Promise<void> {
  const patch = {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: metadata?.name },
    spec: { persistentVolumeReclaimPolicy: "Delete" },
  };
  await kube.objects.patch(patch, undefined, undefined, undefined, undefined, PatchStrategy.MergePatch);
}

function stateOf(volume: V1PersistentVolume | undefined): string | undefined {
  if (!volume) return undefined;
  const { phase, message } = volume.status ?? {};
  return `its phase is ${phase ?? "unknown"}${message ? `: ${message}` : ""}`;
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

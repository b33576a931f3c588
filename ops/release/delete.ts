import { PatchStrategy, type V1PersistentVolume } from "@kubernetes/client-node";
import type { VolumePlan } from "../../model/storage";
import { UserError } from "../../model/user-error";
import { ifFound, type Kube } from "../../kube/client";
import type { ReleaseFacts } from "./decide";
import { readClaim, readVolume } from "./facts";

const patience = 300_000;

/** Whether a provisioner made the volume, and so deletes its data; one made by hand is left to the hand. */
export const isProvisioned = ({ metadata }: V1PersistentVolume) =>
  metadata?.annotations?.["pv.kubernetes.io/provisioned-by"] !== undefined;

/**
 * Deletes one claim and, where a provisioner made it, its volume with the data; returns when both are gone. Goes on
 * where an earlier run was cut off.
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
  await gone(`claim ${name}`, async () => {
    const now = await readClaim(kube, namespace, name);
    return now?.metadata?.uid === claim?.metadata?.uid
      ? now && "it is still Terminating: a pod may have taken it again"
      : undefined;
  });
  if (provisioned)
    await gone(`volume ${volume.metadata?.name}`, async () =>
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
  return `it is ${phase ?? "there"}${message ? `: ${message}` : ""}`;
}

/** `look` says what is still there; undefined when it is gone. */
async function gone(what: string, look: () => Promise<string | undefined>): Promise<void> {
  const deadline = Date.now() + patience;
  for (let left = await look(); left !== undefined; left = await look()) {
    if (Date.now() > deadline)
      throw new UserError(
        `${what} is told to go and isn't gone after ${patience / 1000} s (${left}); the same command goes on from here`,
      );
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

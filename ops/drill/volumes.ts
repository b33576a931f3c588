import { ifFound, type Kube } from "../../kube/client";
import { mergePatch } from "../../kube/patch";
import { lookUpVolume } from "../../kube/look-up";
import { giveUp } from "../release/volume";
import { NotYet, waitFor } from "../terminal/wait";
import { drillLabel, type Ground } from "./names";

/**
 * Marks the volume of a drill's claim as the drill's, and lets it go with the claim, whatever its class says. Nothing
 * is done to a volume that a person made, and none where the claim isn't this run's or is gone by now.
 */
export async function keepNot(kube: Kube, { namespace, run }: Ground, claim: string): Promise<void> {
  const found = await ifFound(kube.core.readNamespacedPersistentVolumeClaim({ name: claim, namespace }));
  if (!found) return;
  const { metadata, spec } = found;
  const { labels = {}, uid = "" } = metadata ?? {};
  const volume = spec?.volumeName === undefined ? undefined : await lookUpVolume(kube, spec.volumeName);
  if (labels[drillLabel] !== run || !volume?.provisioned || volume.claimUid !== uid) return;
  const patch = {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: volume.name, labels: { [drillLabel]: run } },
  };
  await mergePatch(kube, patch);
  await giveUp(kube, volume.name, uid);
}

/** Waits until the volumes of a namespace's claims are gone. Throws their names where they stay. */
export async function awaitVolumesGone({ core }: Kube, { namespace, run }: Ground, patience = 120_000): Promise<void> {
  const look = async () => {
    const { items } = await core.listPersistentVolume({ labelSelector: `${drillLabel}=${run}` });
    const own = items.filter(({ spec }) => spec?.claimRef?.namespace === namespace);
    const left = own.map(({ metadata, status }) => `${metadata?.name} (${status?.phase ?? "no phase"})`);
    if (left.length > 0)
      throw new NotYet(
        `volumes of the drill are still there: ${left.join(", ")}; they have copies only. kubectl delete pv ` +
          `-l ${drillLabel}=${run} deletes them where nothing else does`,
      );
  };
  await waitFor(look, { patience, every: 500 });
}

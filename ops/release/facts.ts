import type { V1PersistentVolume, V1PersistentVolumeClaim, V1Pod } from "@kubernetes/client-node";
import type { ClaimPlan, VolumePlan } from "../../model/storage";
import type { ServicePlan } from "../../model/plan";
import { ifFound, type Kube } from "../../kube/client";
import { readWorkload } from "../move/workload";
import type { ReleaseFacts } from "./decide";

/** Reads from the cluster what a release is decided by. */
export async function gatherFacts(
  kube: Kube,
  service: ServicePlan,
  claim: ClaimPlan,
  volume: VolumePlan,
): Promise<ReleaseFacts> {
  const { namespace } = volume;
  const [found, current, pods, workload] = await Promise.all([
    volume.ephemeral ? undefined : readClaim(kube, namespace, volume.name),
    claim.ephemeral ? undefined : readClaim(kube, namespace, claim.name),
    kube.core.listNamespacedPod({ namespace }),
    readWorkload(kube, service),
  ]);
  return {
    claim: found,
    volume: found ? await ownVolume(kube, found) : await leftVolume(kube, volume),
    pods: pods.items.filter((pod) => uses(pod, volume.name)).map(({ metadata }) => `pod ${metadata?.name}`),
    workload,
    current,
  };
}

export const readClaim = (kube: Kube, namespace: string, name: string) =>
  ifFound(kube.core.readNamespacedPersistentVolumeClaim({ namespace, name }));

export const readVolume = (kube: Kube, name: string) => ifFound(kube.core.readPersistentVolume({ name }));

/** The volume that a claim is bound to. A volume that it only names and that is bound to another claim is not meant. */
async function ownVolume(
  kube: Kube,
  { metadata, spec }: V1PersistentVolumeClaim,
): Promise<V1PersistentVolume | undefined> {
  const volume = spec?.volumeName ? await readVolume(kube, spec.volumeName) : undefined;
  return volume?.spec?.claimRef?.uid === metadata?.uid ? volume : undefined;
}

/** The volume that a killed release has left: one of that name that is to be retained is none. */
async function leftVolume(kube: Kube, { name, namespace }: VolumePlan): Promise<V1PersistentVolume | undefined> {
  const { items } = await kube.core.listPersistentVolume();
  return items.find(
    ({ spec }) =>
      spec?.claimRef?.name === name &&
      spec.claimRef.namespace === namespace &&
      spec.persistentVolumeReclaimPolicy === "Delete",
  );
}

function uses({ spec, status }: V1Pod, claim: string): boolean {
  if (status?.phase === "Succeeded" || status?.phase === "Failed") return false;
  return spec?.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === claim) ?? false;
}

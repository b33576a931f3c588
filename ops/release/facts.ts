import type { ClaimFacts, VolumeFacts } from "../../model/facts";
import type { ServicePlan } from "../../model/plan";
import type { ClaimPlan, VolumePlan } from "../../model/storage";
import type { Kube } from "../../kube/client";
import { listPods, listVolumes, lookUpClaim, lookUpVolume, lookUpWorkload } from "../../kube/look-up";
import type { ReleaseFacts } from "./decide";

/** Reads everything that a release decides on. */
export async function gatherFacts(
  kube: Kube,
  service: ServicePlan,
  claim: ClaimPlan,
  volume: VolumePlan,
): Promise<ReleaseFacts> {
  const { namespace } = volume;
  const [found, current, pods, workload] = await Promise.all([
    volume.ephemeral ? undefined : lookUpClaim(kube, namespace, volume.name),
    claim.ephemeral ? undefined : lookUpClaim(kube, namespace, claim.name),
    listPods(kube, namespace),
    lookUpWorkload(kube, { ...service, workload: service.name }),
  ]);
  return {
    claim: found,
    volume: found ? await ownVolume(kube, found) : await leftVolume(kube, volume),
    pods: pods.filter(({ claims }) => claims.includes(volume.name)).map(({ pod }) => `pod ${pod}`),
    workload,
    current,
  };
}

/**
 * The volume that the claim is bound to. A volume that the claim only asks for, and that another claim
 * has, doesn't count.
 */
async function ownVolume(kube: Kube, claim: ClaimFacts): Promise<VolumeFacts | undefined> {
  const volume = claim.volume ? await lookUpVolume(kube, claim.volume) : undefined;
  return volume?.claimUid === claim.uid ? volume : undefined;
}

/**
 * The volume that a killed release has left. A volume of that claim with the policy Retain was left by something else.
 */
async function leftVolume(kube: Kube, { name, namespace }: VolumePlan): Promise<VolumeFacts | undefined> {
  const volumes = await listVolumes(kube);
  return volumes.find(({ claim, reclaimPolicy }) => claim === `${namespace}/${name}` && reclaimPolicy === "Delete");
}

import type { ClaimFacts, VolumeFacts } from "../../model/facts";
import type { ServicePlan } from "../../model/plan";
import type { ClaimPlan, VolumePlan } from "../../model/storage";
import { nodesOf } from "../../model/nodes";
import type { Kube } from "../../kube/client";
import { listNodes, listPods, listVolumes, lookUpClaim, lookUpVolume, lookUpWorkload } from "../../kube/look-up";
import type { ReleaseFacts } from "./decide";

/** Reads everything that a release decides on. `stack`: the one that releases, as `project/stack`. */
export async function gatherFacts(
  kube: Kube,
  service: ServicePlan,
  claim: ClaimPlan,
  volume: VolumePlan,
  stack: string,
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
    volume: await withNodes(kube, found ? await ownVolume(kube, found) : await leftVolume(kube, volume, stack)),
    pods: pods.filter(({ claims }) => claims.includes(volume.name)).map(({ pod }) => `pod ${pod}`),
    workload,
    current,
  };
}

/** The volume with the names of its nodes, as a person knows them, where the nodes may be listed. */
async function withNodes(kube: Kube, volume: VolumeFacts | undefined): Promise<VolumeFacts | undefined> {
  if (!volume?.tiedTo) return volume;
  return { ...volume, tiedTo: nodesOf(volume, await listNodes(kube).catch(() => [])) };
}

/**
 * The volume that the claim is bound to. A volume that the claim only asks for, and that another claim
 * has, doesn't count.
 */
async function ownVolume(kube: Kube, claim: ClaimFacts): Promise<VolumeFacts | undefined> {
  const volume = claim.volume ? await lookUpVolume(kube, claim.volume) : undefined;
  return volume?.claimUid === claim.uid ? volume : undefined;
}

/** The volume that a killed release of this stack has left: its note says so, or its policy that it is going anyway. */
async function leftVolume(
  kube: Kube,
  { name, namespace }: VolumePlan,
  stack: string,
): Promise<VolumeFacts | undefined> {
  const volumes = await listVolumes(kube);
  return volumes
    .filter(({ claim }) => claim === `${namespace}/${name}`)
    .find(({ reclaimPolicy, releasing, claimUid }) =>
      reclaimPolicy === "Delete" ? true : releasing?.stack === stack && releasing.claim === claimUid,
    );
}

import type { ClaimFacts, ClusterFacts } from "../model/facts";
import { volumePath } from "../model/config-path";
import { ownerName } from "../model/metadata";
import type { Fault, StoragePlan } from "../model/plan";
import type { VolumePlan } from "../model/storage";
import { volumesOf } from "./claims";
import { bearsEarlierName, guardCluster, guardRenamed } from "./guard-cluster";
import { guardLeftOut, guardOthersClaims } from "./guard-left-out";
import { guardDataState, unreadVolumes } from "./guard-data-state";
import { guardNodes } from "./guard-nodes";
import { guardPlaces } from "./guard-places";
import { guardRepository } from "./guard-repository";
import { guardRotation } from "./guard-rotation";
import { guardVersions } from "./guard-version";
import { guardVolume } from "./guard-volume";

export interface Guarded {
  faults: Fault[];
  warnings: string[];
}

/** Finds whatever in the plan would lose data of the cluster or can't be done there, before anything is tried. */
export function guardData(plan: StoragePlan, found: ClusterFacts): Guarded {
  // What the update deletes by itself may be on its way out since an earlier one.
  const facts = { ...found, claims: found.claims.filter(({ deleting, unprotected }) => !deleting || !unprotected) };
  const volumes = volumesOf(plan.services.flatMap(({ claims }) => claims));
  const left = guardLeftOut(plan, volumes, facts);
  const versions = guardVersions(plan, facts);
  // Adoption checks every claim itself and says what the config would have to be. The next update is guarded again.
  const own = plan.adopting ? [] : volumes.map((volume) => guardOne(plan, volume, found));
  return {
    faults: [
      ...guardCluster(plan, facts),
      ...guardRenamed(plan, facts),
      ...own.flatMap(({ faults }) => faults),
      ...guardNodes(plan, facts),
      ...guardPlaces(plan, facts),
      ...guardRotation(plan, facts),
      ...versions.faults,
      ...left.faults,
      ...guardRepository(plan, facts),
      ...guardOthersClaims(plan, facts),
    ],
    warnings: [
      ...left.warnings,
      ...versions.warnings,
      ...returnsWithoutCopy(plan),
      ...own.flatMap(({ warnings }) => warnings),
      ...(found.volumes || plan.adopting ? [] : [unreadVolumes]),
    ],
  };
}

/** A claim that is somebody else's is not looked into any further. */
function guardOne({ owner }: StoragePlan, volume: VolumePlan, facts: ClusterFacts): Guarded {
  const claim = facts.claims.find(({ namespace, name }) => namespace === volume.namespace && name === volume.name);
  if (claim && bearsEarlierName(claim, owner, facts)) return { faults: [], warnings: [] };
  const unmarked = claim !== undefined && hasLostItsMark(claim, facts);
  const declared = claim
    ? guardVolume(volume, unmarked ? { ...claim, stack: ownerName(owner) } : claim, ownerName(owner), facts)
    : [];
  if (claim && !unmarked && claim.stack !== ownerName(owner)) return { faults: declared, warnings: [] };
  const { faults, warnings } = guardDataState(volume, facts);
  return { faults: [...faults, ...declared], warnings: [...(unmarked ? [markLost(volume)] : []), ...warnings] };
}

/** It is the very claim that the stack had at its last update, and somebody took this stack's mark from it. */
const hasLostItsMark = ({ namespace, name, uid, stack }: ClaimFacts, { known }: ClusterFacts) =>
  stack === undefined && known?.[`${namespace}/${name}`] === uid;

const markLost = (volume: VolumePlan) =>
  `${volumePath(volume)}: claim ${volume.name} in namespace ${volume.namespace} has lost this stack's mark ` +
  "(its annotations); pulumi refresh and then pulumi up put it back";

/** Somebody may want an earlier volume as it was, but has to know that newer data stays behind. */
function returnsWithoutCopy({ services }: StoragePlan): string[] {
  return services
    .flatMap(({ claims }) => claims)
    .flatMap((claim) => {
      const { name, generation, kept, move, ephemeral } = claim;
      const newer = kept
        .filter((other) => other.generation > generation && !other.ephemeral)
        .sort((a, b) => b.generation - a.generation)[0];
      if (move || ephemeral || !newer) return [];
      return [
        `${volumePath(claim)}: claim ${name} is used as it was before its data moved to ${newer.name}; what was ` +
          `written since then is in ${newer.name} only, which is kept`,
      ];
    });
}

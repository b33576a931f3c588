import type { ClusterFacts } from "../model/facts";
import { volumePath } from "../model/config-path";
import type { Fault } from "../model/plan";
import type { VolumePlan } from "../model/storage";
import { dataTrouble, type DataTrouble, volumesLeftBy, volumeText } from "./data-state";

/** What can still be mounted and copied away. For a volume that is only kept, it is a warning. */
const movable: DataTrouble["kind"][] = ["volume-deleting", "volume-failed"];

/** Faults of one volume of the plan in what the cluster has of its data, beyond what was declared. */
export function guardDataState(volume: VolumePlan, facts: ClusterFacts): { faults: Fault[]; warnings: string[] } {
  const trouble = dataTrouble(volume, facts);
  if (!trouble) return { faults: [], warnings: leftBeside(volume, facts) };
  const { kind, why, wayOut } = trouble;
  const path = volumePath(volume);
  return movable.includes(kind) && volume.keptIndex !== undefined
    ? { faults: [], warnings: [`${path}: ${why}; ${wayOut}`] }
    : { faults: [{ path, message: `${why}; ${wayOut}` }], warnings: [] };
}

/** An earlier claim's volume beside the volume in use: an older version made a new claim although it was there. */
function leftBeside(volume: VolumePlan, facts: ClusterFacts): string[] {
  if (!facts.claims.some(({ namespace, name }) => namespace === volume.namespace && name === volume.name)) return [];
  return volumesLeftBy(volume, facts).map(
    (left) =>
      `${volumePath(volume)}: ${volumeText(left)} was left by an earlier claim ${volume.name} in namespace ` +
      `${volume.namespace}; its data is not in use; docs/adopting.md says how to have it as a kept volume`,
  );
}

/** Without this right a claim's earlier volume can't be found. */
export const unreadVolumes =
  "these credentials may not list PersistentVolumes, so it is not known whether an earlier volume still has a " +
  "claim's data, or whether a volume is being deleted; have the right to list persistentvolumes granted";

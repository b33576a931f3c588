import type { DataTrouble, DeclaredVolume, FoundData } from "../model/data-state";
import type { ClaimFacts, VolumeFacts } from "../model/facts";

/**
 * What became of a claim that the stack had at its last update, where no object of the cluster says it any more: it is
 * gone without a volume that names it, or another was made under its name. Undefined where it is as it was.
 */
export function knownTrouble(
  volume: DeclaredVolume,
  claim: ClaimFacts | undefined,
  { volumes = [], known = {} }: FoundData,
): DataTrouble | undefined {
  const id = `${volume.namespace}/${volume.name}`;
  const uid = known[id];
  if (uid === undefined || claim?.uid === uid) return undefined;
  const which = `claim ${volume.name} in namespace ${volume.namespace}`;
  const { service } = volume;
  const backedUp = volume.backedUp === true && volume.keptIndex === undefined;
  if (!claim) {
    const waits = volumes.some((each) => each.claim === id || each.name === volume.volumeName);
    if (waits) return undefined;
    return {
      kind: "gone",
      why: `${which} is gone from the cluster, and no volume names it any more, so its data is not there`,
      wayOut: backedUp
        ? `npm run recover -- --fill ${service} lets the next update fill it from the newest point of its backup; to ` +
          `begin empty instead: fresh: ignore-points in the entry of ${service}, then ${beginEmpty(service)}`
        : `bring the data back from a backup, or say that it may begin empty: ${beginEmpty(service)}`,
    };
  }
  const own = volumes.find(({ name }) => name === claim.volume);
  if (isOlder(own, claim)) return undefined;
  return {
    kind: "anew",
    why:
      `${which} was made anew since the last update` +
      (own ? `, with volume ${own.name}: what the claim before it held is not there` : ""),
    wayOut: backedUp
      ? `${beginEmpty(service)} says that it may stay as it is now; after the update npm run restore -- ${service} ` +
        "brings its data back from a point"
      : `bring the data back from a backup, or say that it may stay as it is now: ${beginEmpty(service)}`,
  };
}

const beginEmpty = (service: string) => `npm run recover -- --begin-empty ${service}`;

/** A claim that was brought back has a volume from before it; a claim that was made anew gets a new one. */
const isOlder = (volume: VolumeFacts | undefined, { created }: ClaimFacts) =>
  volume?.created !== undefined && created !== undefined && volume.created < created;

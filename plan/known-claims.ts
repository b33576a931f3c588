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
  const wayOut =
    "bring the data back from a backup, or say that it may begin empty: " +
    `npm run recover -- --begin-empty ${volume.service}`;
  if (!claim) {
    const waits = volumes.some((each) => each.claim === id || each.name === volume.volumeName);
    if (waits) return undefined;
    return {
      kind: "gone",
      why: `${which} is gone from the cluster, and no volume names it any more, so its data is not there`,
      wayOut,
    };
  }
  const own = volumes.find(({ name }) => name === claim.volume);
  if (isOlder(own, claim)) return undefined;
  return {
    kind: "anew",
    why:
      `${which} was made anew since the last update` +
      (own ? `, with volume ${own.name}: what the claim before it held is not there` : ""),
    wayOut: wayOut.replace("begin empty:", "stay as it is now:"),
  };
}

/** A claim that was brought back has a volume from before it; a claim that was made anew gets a new one. */
const isOlder = (volume: VolumeFacts | undefined, { created }: ClaimFacts) =>
  volume?.created !== undefined && created !== undefined && volume.created < created;

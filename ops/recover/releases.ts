import type { ClaimFacts, VolumeFacts } from "../../model/facts";
import { listVolumes, lookUpClaim } from "../../kube/look-up";
import type { Kube } from "../../kube/client";
import { noteRelease } from "../release/volume";

/** What became of a release that has noted itself on a volume, and whether its note is of no more use. */
export interface CutOffRelease {
  over: boolean;
  says: string;
}

/** Judges a volume with a release's note by the claim that the cluster has under the released claim's name. */
export function judgeRelease(volume: VolumeFacts, claim: ClaimFacts | undefined): CutOffRelease {
  const { name, reclaimPolicy, releasing, claimUid, claim: claimName = "" } = volume;
  const [, short] = claimName.split("/");
  if (claimUid !== releasing?.claim)
    return {
      over: true,
      says:
        `volume ${name} still had the note of an earlier release and is claim ${claimName}'s now: the note was ` +
        "removed",
    };
  if (claim?.uid === releasing?.claim && !claim?.deleting)
    return {
      over: true,
      says:
        `the release of claim ${claimName} was cut off before it deleted anything: its volume ${name} keeps its ` +
        `policy ${reclaimPolicy}, and the note was removed. Where ${short} is still to go, run npm run release again`,
    };
  return {
    over: false,
    says:
      `the release of claim ${claimName} was cut off after the claim's deletion: its volume ${name} still has the ` +
      `data (policy ${reclaimPolicy}). To finish the release, run the same npm run release again`,
  };
}

/** Tells of this stack's releases that were cut off, and removes notes that are of no more use. Deletes nothing. */
export async function endReleases(kube: Kube, stack: string, say: (line: string) => void): Promise<number> {
  const noted = (await listVolumes(kube)).filter(({ releasing, deleting }) => releasing?.stack === stack && !deleting);
  for (const volume of noted) {
    const [namespace = "", name = ""] = (volume.claim ?? "").split("/");
    const { over, says } = judgeRelease(volume, await lookUpClaim(kube, namespace, name));
    if (over) await noteRelease(kube, volume.name);
    say(says);
  }
  return noted.length;
}

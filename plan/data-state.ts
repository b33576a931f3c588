import type { DataTrouble, DeclaredVolume, FoundData } from "../model/data-state";
import type { ClaimFacts, VolumeFacts } from "../model/facts";
import { claimArgument } from "../model/config-path";
import { amount } from "../model/quantity";
import type { VolumePlan } from "../model/storage";
import { knownTrouble } from "./known-claims";

export type { DataTrouble, DeclaredVolume, FoundData };

/** What is wrong with the data of a declared volume; undefined where nothing is, or where there is none yet. */
export function dataTrouble(volume: DeclaredVolume, found: FoundData): DataTrouble | undefined {
  const { claims, volumes } = found;
  const claim = claims.find(({ namespace, name }) => namespace === volume.namespace && name === volume.name);
  if (!claim) return leftVolume(volume, volumes ?? []) ?? knownTrouble(volume, claim, found);
  const own = volumes?.find(({ name }) => name === claim.volume);
  if (claim.deleting) return deletedClaim(volume, claim, own);
  if (claim.phase === "Lost") return lostVolume(volume, claim);
  if (claim.phase === "Bound" && own?.deleting) return deletedVolume(volume, own);
  if (claim.phase === "Bound" && own?.phase === "Failed") return failedVolume(volume, own);
  return knownTrouble(volume, claim, found);
}

/** Volumes that name a claim without being its volume: those that an earlier claim of the name has left. */
export const volumesLeftBy = (
  { namespace, name }: Pick<VolumePlan, "namespace" | "name">,
  { claims, volumes = [] }: FoundData,
): VolumeFacts[] => {
  const claim = claims.find((each) => each.namespace === namespace && each.name === name);
  return volumes.filter((volume) => volume.claim === `${namespace}/${name}` && volume.name !== claim?.volume);
};

const inNamespace = ({ name, namespace }: DeclaredVolume) => `claim ${name} in namespace ${namespace}`;

/** The volume for a person: `volume pvc-1 (Released, 1Gi)`. */
export const volumeText = ({ name, phase, size, deleting }: VolumeFacts) =>
  `volume ${name} (${deleting ? "being deleted" : phase}, ${size})`;

const retain = ({ name }: Pick<VolumeFacts, "name">) =>
  `kubectl patch pv ${name} -p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'`;

/** A pod that uses the claim holds it back. With the pod's end the claim goes, and with the policy Delete the data. */
function deletedClaim(volume: DeclaredVolume, claim: ClaimFacts, own: VolumeFacts | undefined): DataTrouble {
  const goes =
    claim.volume === undefined
      ? "the claim goes as soon as no pod uses it"
      : own?.reclaimPolicy === "Retain"
        ? `the claim goes as soon as no pod uses it, and its volume ${claim.volume} stays (policy Retain)`
        : `as soon as no pod uses it, the claim and the data on its volume ${claim.volume} go` +
          (own ? ` (policy ${own.reclaimPolicy})` : "");
  const finish =
    volume.keptIndex === undefined
      ? ""
      : `; where it was npm run release that was interrupted: npm run release -- ${claimArgument(volume)}` +
        ` --generation ${volume.generation} finishes it`;
  return {
    kind: "deleting",
    why: `${inNamespace(volume)} is being deleted: ${goes}`,
    wayOut:
      "don't restart its pod; npm run adopt first sets the volume to Retain and then makes the claim again on it" +
      finish,
  };
}

function lostVolume(volume: DeclaredVolume, { volume: name = "" }: ClaimFacts): DataTrouble {
  return {
    kind: "lost",
    why: `${inNamespace(volume)} is Lost: its volume ${name} is gone from the cluster`,
    wayOut: `make PersistentVolume ${name} again for the directory or disk that it had (docs/recovery.md)`,
  };
}

function deletedVolume(volume: DeclaredVolume, own: VolumeFacts): DataTrouble {
  const stays = own.reclaimPolicy === "Retain";
  const after = stays ? "" : `, and with the policy ${own.reclaimPolicy} its data`;
  const keep = stays ? "" : `set it to Retain first: ${retain(own)}; then `;
  const kept =
    `once its data has moved on: npm run release -- ${claimArgument(volume)} --generation ${volume.generation} ` +
    `lets it go${stays ? "" : `; to keep its files: ${retain(own)}`}`;
  return {
    kind: "volume-deleting",
    why: `volume ${own.name} of ${inNamespace(volume)} is being deleted: it goes with the claim${after}`,
    wayOut:
      volume.keptIndex === undefined
        ? `${keep}move the data to another volume: npm run move -- ${claimArgument(volume)} --anew`
        : kept,
  };
}

function failedVolume(volume: DeclaredVolume, { name, message }: VolumeFacts): DataTrouble {
  return {
    kind: "volume-failed",
    why: `volume ${name} of ${inNamespace(volume)} is Failed${message ? ` (${message})` : ""}`,
    wayOut: `see what its storage says: kubectl describe pv ${name}`,
  };
}

/** A claim that is made while an earlier claim's volume waits gets an empty volume beside it. */
function leftVolume(volume: DeclaredVolume, volumes: readonly VolumeFacts[]): DataTrouble | undefined {
  const left = volumesLeftBy(volume, { claims: [], volumes });
  const [first] = left;
  if (!first || left.some((each) => isMeant(volume, each))) return undefined;
  const several = left.length > 1;
  return {
    kind: "left",
    why:
      `there is no ${inNamespace(volume)}, and its data is on ${left.map(volumeText).join(" and ")}; a new claim ` +
      "would begin empty beside it",
    wayOut: several ? `npm run adopt says how to choose one of them${letGo(left)}` : wayBack(volume, first),
  };
}

function wayBack(volume: DeclaredVolume, first: VolumeFacts): string {
  if (first.reclaimPolicy === "Retain" && !first.deleting)
    return `npm run adopt brings the claim back on it${letGo([first])}`;
  const release =
    volume.keptIndex === undefined
      ? ""
      : `; where it was npm run release that was interrupted: npm run release -- ${claimArgument(volume)}` +
        ` --generation ${volume.generation} finishes it`;
  return (
    `its policy ${first.reclaimPolicy} deletes it; to keep it: ${retain(first)}, then npm run adopt; to begin empty, ` +
    `wait until it is gone${release}`
  );
}

/** With the policy Retain only the object goes. */
const letGo = (left: readonly VolumeFacts[]) =>
  left.every(({ reclaimPolicy }) => reclaimPolicy === "Retain")
    ? `; to begin empty instead: kubectl delete pv ${left.map(({ name }) => name).join(" ")}, ` +
      "which leaves the files where they are"
    : "";

/** Whether the new claim takes this volume: the config names it, or it waits for a claim of the name and fits. */
function isMeant({ volumeName, className, accessMode, size }: DeclaredVolume, volume: VolumeFacts): boolean {
  if (volume.deleting) return false;
  if (volumeName === volume.name) return true;
  return (
    volume.phase === "Available" &&
    volume.claimUid === undefined &&
    className === volume.className &&
    (accessMode === undefined || volume.accessModes.includes(accessMode)) &&
    amount(size) <= amount(volume.size)
  );
}

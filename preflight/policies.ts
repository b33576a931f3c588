import type { ClaimFacts, VolumeFacts } from "../model/facts";
import { listed } from "./results";

/** A volume whose reclaim policy isn't what its claim's class says, so that the claim's end means something else. */
export interface OtherPolicy {
  /** The claim, by name. */
  claim: string;
  volume: string;
  className: string;
  /** The volume's own policy, and that of the class. */
  has: string;
  says: string;
}

/**
 * Compares a claim's volume with what its class says. Undefined where they agree, where the class's policy is not
 * known, where somebody made the volume by hand, and where the claim has no volume of its own.
 */
export function otherPolicy(
  claim: ClaimFacts,
  volumes: readonly VolumeFacts[],
  className: string,
  says: string | undefined,
): OtherPolicy | undefined {
  const volume = volumes.find(({ name, claimUid }) => name === claim.volume && claimUid === claim.uid);
  if (!volume?.provisioned || says === undefined || volume.reclaimPolicy === says) return undefined;
  return { claim: claim.name, volume: volume.name, className, has: volume.reclaimPolicy, says };
}

/** What the deletion of these claims would cost, one entry for each class, and the command that mends it. */
export function endangered(others: readonly OtherPolicy[]): { title: string; wayOut: string }[] {
  const deleted = others.filter(({ has, says }) => has === "Delete" && says === "Retain");
  return [...new Set(deleted.map(({ className }) => className))].map((className) => {
    const these = deleted.filter((other) => other.className === className);
    const one = these.length === 1;
    const claims = listed(these.map(({ claim }) => claim));
    return {
      title:
        `the ${one ? "volume" : "volumes"} of ${claims} ${one ? "has" : "have"} the reclaim policy Delete, and ` +
        `class ${className} says Retain: when ${one ? "the" : "a"} claim is deleted, its data is deleted as well`,
      wayOut:
        `kubectl patch persistentvolume ${these.map(({ volume }) => volume).join(" ")} --type merge ` +
        `-p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'`,
    };
  });
}

/** Volumes that outlive their claims though their classes say otherwise, as a clause; undefined for none. */
export function outliving(others: readonly OtherPolicy[]): string | undefined {
  const kept = others.filter(({ has, says }) => has === "Retain" && says === "Delete");
  if (kept.length === 0) return undefined;
  const claims = listed(kept.map(({ claim }) => claim));
  return kept.length === 1
    ? `the volume of ${claims} is kept when its claim is deleted (Retain), though its class says Delete`
    : `the volumes of ${claims} are kept when their claims are deleted (Retain), though their classes say Delete`;
}

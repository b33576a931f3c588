import type { ClaimFacts, VolumeFacts } from "../../model/facts";
import { count } from "../../model/quantity";
import type { Kube } from "../../kube/client";
import { listClaims, listVolumes } from "../../kube/look-up";
import { NotYet, waitFor } from "../terminal/wait";

/**
 * Waits until the volumes of the classes are deleted whose claims are gone: what deletes them is about to go. Returns
 * what to tell. Throws a UserError that names what is left after `patience` ms.
 */
export async function awaitVolumes(kube: Kube, classes: readonly string[], patience: number): Promise<string[]> {
  let seen = 0;
  await waitFor(
    async () => {
      // A claim that is made between the two reads has a volume that the first one does not know yet.
      const volumes = await listVolumes(kube);
      const left = volumesToGo(volumes, await listClaims(kube), classes);
      seen = Math.max(seen, left.length);
      if (left.length > 0) throw new NotYet(notDeleted(left));
    },
    { patience },
  );
  return seen === 0 ? [] : [`${count(seen, "volume")} of ${classes.join(", ")} deleted, with the data`];
}

/** Volumes that their provisioner deletes, because their policy says so and their claims are gone. */
export function volumesToGo(
  volumes: readonly VolumeFacts[],
  claims: readonly ClaimFacts[],
  classes: readonly string[],
): VolumeFacts[] {
  const uids = new Set(claims.map(({ uid }) => uid));
  return volumes.filter(
    ({ className, reclaimPolicy, provisioned, phase, claimUid }) =>
      classes.includes(className) &&
      reclaimPolicy === "Delete" &&
      provisioned &&
      // For a moment a volume is still Bound to a claim that is gone.
      (phase === "Released" || phase === "Failed" || (claimUid !== undefined && !uids.has(claimUid))),
  );
}

export function notDeleted(left: readonly VolumeFacts[]): string {
  const lines = left.map(
    ({ name, claim, phase, message }) =>
      `  ${name} of ${claim ?? "no claim"}: ${phase}${message ? `, ${message}` : ""}`,
  );
  return [
    `${count(left.length, "volume")} of deleted claims ${left.length === 1 ? "is" : "are"} not deleted, so what ` +
      "deletes volumes was left running:",
    ...lines,
    "kubectl describe pv NAME says why, mostly a node that is away; mend that, then run pulumi destroy again. To " +
      `keep a volume's data: kubectl patch pv NAME -p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'`,
  ].join("\n");
}

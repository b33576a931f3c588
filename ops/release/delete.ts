import type { ClaimFacts, VolumeFacts } from "../../model/facts";
import type { VolumePlan } from "../../model/storage";
import { UserError } from "../../model/user-error";
import { apiReason, ifFound, type Kube } from "../../kube/client";
import { lookUpClaim, lookUpVolume } from "../../kube/look-up";
import { NotYet, waitFor } from "../terminal/wait";
import type { ReleaseFacts } from "./decide";
import { giveUp, noteRelease } from "./volume";

/** How long the deletion of the claim, and then of the volume, may take, in ms. */
const patience = 300_000;

/**
 * Deletes one claim. If a provisioner made its volume, the volume is deleted with the data. Returns when both are gone.
 * Continues where an earlier release was killed. Throws a UserError for what is refused or isn't gone in time.
 */
export async function deleteVolume(
  kube: Kube,
  plan: VolumePlan,
  { claim, volume }: ReleaseFacts,
  stack: string,
): Promise<void> {
  // A volume that was made by hand stays as it is: the person who made it decides about its data.
  const own = volume?.provisioned ? volume : undefined;
  if (claim && !claim.deleting) await deleteClaim(kube, plan, claim, own, stack);
  await waitUntilGone(`claim ${plan.name}`, async () => {
    const now = await lookUpClaim(kube, plan.namespace, plan.name);
    const stays = now !== undefined && now.uid === claim?.uid;
    return stays ? "a pod may use it again" : undefined;
  });
  if (!own) return;
  // The policy changes last: while a claim exists, its volume never waits for a slip to be deleted.
  if (own.reclaimPolicy !== "Delete") await giveUpVolume(kube, plan, own);
  await waitUntilGone(`volume ${own.name}`, async () => stateOf(await lookUpVolume(kube, own.name)));
}

/** Leaves everything as it was where the API server refuses. */
async function deleteClaim(
  kube: Kube,
  { name, namespace }: VolumePlan,
  { uid }: ClaimFacts,
  volume: VolumeFacts | undefined,
  stack: string,
): Promise<void> {
  const kept = volume ? `: volume ${volume.name} keeps its policy ${volume.reclaimPolicy} and its data` : "";
  const noted = volume && volume.reclaimPolicy !== "Delete" ? volume.name : undefined;
  if (noted !== undefined)
    await noteRelease(kube, noted, { stack, claim: uid }).catch((error: unknown) => {
      throw refusal(`to change volume ${noted}`, error, `Nothing was deleted${kept}.`);
    });
  try {
    const body = { preconditions: { uid } };
    await ifFound(kube.core.deleteNamespacedPersistentVolumeClaim({ name, namespace, body }));
  } catch (error) {
    // The answer may have been lost on its way; what the cluster says now counts.
    const now = await lookUpClaim(kube, namespace, name);
    if (now?.uid !== uid || now.deleting) return;
    if (noted !== undefined) await noteRelease(kube, noted);
    throw refusal(`to delete claim ${name} in namespace ${namespace}`, error, `Nothing was deleted${kept}.`);
  }
}

async function giveUpVolume(kube: Kube, { name }: VolumePlan, volume: VolumeFacts): Promise<void> {
  try {
    await giveUp(kube, volume.name, volume.claimUid ?? "");
  } catch (error) {
    const left = `Claim ${name} is deleted; volume ${volume.name} stays with its data, in phase Released.`;
    throw refusal(`to set the policy of volume ${volume.name} to Delete`, error, left);
  }
}

/** An answer of the API server as a UserError. Anything else stays as it was. */
function refusal(what: string, error: unknown, left: string): unknown {
  const reason = apiReason(error);
  if (reason === undefined) return error;
  return new UserError(
    `Kubernetes refused ${what} (${reason}). ${left} Where a right is missing, give it to these credentials; then ` +
      "run the same command again, which goes on from here",
  );
}

function stateOf(volume: VolumeFacts | undefined): string | undefined {
  if (!volume) return undefined;
  const { phase, message } = volume;
  return `its phase is ${phase}${message ? `: ${message}` : ""}`;
}

/**
 * `reason` says why an object is still there; undefined means that it is gone. Throws a UserError if it
 * isn't gone in time.
 */
async function waitUntilGone(what: string, reason: () => Promise<string | undefined>): Promise<void> {
  const look = async () => {
    const why = await reason();
    if (why !== undefined)
      throw new NotYet(`${what} is still terminating after ${patience / 1000} s (${why}); run this command again`);
  };
  await waitFor(look, { patience, every: 500 });
}

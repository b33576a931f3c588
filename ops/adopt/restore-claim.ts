import { PatchStrategy, type KubernetesObject } from "@kubernetes/client-node";
import { UserError } from "../../model/user-error";
import { ifFound, type Kube } from "../../kube/client";
import { lookUpClaim } from "../../kube/look-up";
import { NotYet, waitFor } from "../terminal/wait";
import { nameOf } from "./claims";
import type { Planned } from "./types";

/** Under it Pulumi creates objects, and takes over the fields of those that were created so. */
const creator = "pulumi-kubernetes";

const patience = 60_000;

/**
 * Makes a claim again on the volume that it left: the volume waits for a claim of this name, whichever it is, and is
 * bound to it at once, so that nothing provisions a new one. Can be cut off and repeated.
 */
export async function restoreClaim(
  kube: Kube,
  claim: Planned,
  volume: string,
  namespace: Planned | undefined,
): Promise<void> {
  await freeVolume(kube, volume);
  if (namespace) await createMissing(kube, namespace);
  await createMissing(kube, claim);
  await waitBound(kube, claim, volume);
}

/** Takes the deleted claim's identity from the volume's reference, and leaves its name: no other claim can get it. */
async function freeVolume(kube: Kube, name: string): Promise<void> {
  const claimRef = { uid: null, resourceVersion: null };
  await kube.objects.patch(
    { apiVersion: "v1", kind: "PersistentVolume", metadata: { name }, spec: { claimRef } } as KubernetesObject,
    undefined,
    undefined,
    undefined,
    undefined,
    PatchStrategy.MergePatch,
  );
}

async function createMissing(kube: Kube, { inputs }: Planned): Promise<void> {
  const object = inputs as unknown as KubernetesObject & { metadata: { name: string; namespace?: string } };
  const { name, namespace = "" } = object.metadata;
  const found = await ifFound(kube.objects.read({ ...object, metadata: { name, namespace } }));
  if (!found) await kube.objects.create(object, undefined, undefined, creator);
}

async function waitBound(kube: Kube, claim: Planned, volume: string): Promise<void> {
  const { name, namespace = "" } = nameOf(claim);
  const look = async () => {
    const claim = await lookUpClaim(kube, namespace, name);
    if (claim?.phase === "Bound" && claim.volume === volume) return;
    if (claim?.phase === "Bound")
      throw new UserError(
        `claim ${namespace}/${name} was bound to ${claim.volume} instead of its volume ${volume}; nothing ` +
          `was recorded, and ${volume} is untouched`,
      );
    throw new NotYet(
      `claim ${namespace}/${name} is not bound to its volume ${volume} after ${patience / 1000} s; ` +
        `kubectl -n ${namespace} describe pvc ${name} says why. npm run adopt goes on from here`,
    );
  };
  await waitFor(look, { patience, every: 500 });
}

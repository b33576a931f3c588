import type { KubernetesObject } from "@kubernetes/client-node";
import { UserError } from "../../model/user-error";
import { ifFound, type Kube } from "../../kube/client";
import { mergePatch } from "../../kube/patch";
import { lookUpClaim } from "../../kube/look-up";
import { NotYet, waitFor } from "../terminal/wait";
import { nameOf } from "./claims";
import type { Planned } from "./types";

/** Pulumi creates objects with this field manager. It takes over the fields of objects that were created with it. */
const creator = "pulumi-kubernetes";

const patience = 60_000;

/**
 * Makes a claim again on the volume that it left. The volume waits for any claim of this name and is bound to it at
 * once, so that nothing provisions a new volume. The function can be interrupted and repeated.
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

/**
 * Removes the deleted claim's uid from the volume's reference but keeps its name, so that no claim of another name can
 * get it.
 */
async function freeVolume(kube: Kube, name: string): Promise<void> {
  const claimRef = { uid: null, resourceVersion: null };
  await mergePatch(kube, { apiVersion: "v1", kind: "PersistentVolume", metadata: { name }, spec: { claimRef } });
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

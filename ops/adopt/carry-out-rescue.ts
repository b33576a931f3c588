import { claimNotesAnnotation, stoppedAnnotation } from "../../model/metadata";
import { UserError } from "../../model/user-error";
import { ifFound, type Kube } from "../../kube/client";
import { mergePatch } from "../../kube/patch";
import { isReady, podsOf, type WorkloadRef } from "../../kube/pods";
import { lookUpClaim, lookUpVolume } from "../../kube/look-up";
import { NotYet, waitFor } from "../terminal/wait";
import { idOf } from "./print";
import type { LiveObject, Rescue, Resume, Verdict } from "./types";

/** How long a pod may take to stop, in ms. */
const patience = 15 * 60_000;

/** Annotations of a claim that say what was done with its data, and that a claim made again needs as well. */
const isNote = (key: string) => key.startsWith("cluster-storage/");

/**
 * Lets claims that are being deleted go without their data: sets all their volumes to Retain and checks that they are,
 * only then stops the workloads that use them, and returns when the claims are gone. Can be interrupted and repeated.
 */
export async function letGoOfClaims(
  kube: Kube,
  rescues: readonly (Verdict & Rescue)[],
  say: (line: string) => void,
): Promise<void> {
  for (const rescue of rescues) await keepVolume(kube, rescue);
  for (const { volume, ...claim } of rescues) say(`volume ${volume} of claim ${idOf(claim)} is kept (policy Retain)`);
  const stops = new Map(rescues.flatMap(({ stops }) => stops.map((live) => [live.metadata.uid, live] as const)));
  for (const live of stops.values()) {
    await scale(kube, live, 0, live.metadata.annotations?.[stoppedAnnotation] ?? String(live.spec?.replicas ?? 1));
    say(`${live.kind} ${idOf(live.metadata)} is stopped until its claims are back`);
  }
  for (const rescue of rescues) await waitUntilGone(kube, rescue);
}

async function keepVolume(kube: Kube, { live, volume, ...claim }: Verdict & Rescue): Promise<void> {
  const notes = Object.fromEntries(Object.entries(live.metadata.annotations ?? {}).filter(([key]) => isNote(key)));
  await mergePatch(kube, {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: volume, annotations: { [claimNotesAnnotation]: JSON.stringify(notes) } },
    spec: { persistentVolumeReclaimPolicy: "Retain" },
  });
  const now = await lookUpVolume(kube, volume);
  if (now?.reclaimPolicy !== "Retain" || now.deleting || now.claimUid !== live.metadata.uid)
    throw new UserError(
      `volume ${volume} of claim ${idOf(claim)} could not be set to Retain: it is ` +
        `${now ? `${now.deleting ? "being deleted" : now.phase}, policy ${now.reclaimPolicy}` : "gone"}; no pod was ` +
        "stopped",
    );
}

async function waitUntilGone(kube: Kube, { live, name, namespace = "" }: Verdict & Rescue): Promise<void> {
  const look = async () => {
    const now = await lookUpClaim(kube, namespace, name);
    if (now?.uid === live.metadata.uid)
      throw new NotYet(
        `claim ${namespace}/${name} is still being deleted after ${patience / 60_000} min, because a pod uses it or ` +
          "something else holds it (metadata.finalizers); its volume is kept. npm run adopt goes on from here",
      );
  };
  await waitFor(look, { patience, every: 500 });
}

/**
 * Starts a workload with as many pods as it had, and gives them a while to get ready: what reads it into the state
 * before that records it as failed, and the next update would have it to mend. Not getting ready is no error here.
 */
export async function startAgain(kube: Kube, { live, replicas }: Resume, patience = 120_000): Promise<void> {
  await scale(kube, live, replicas, null);
  const { name, namespace = "" } = live.metadata;
  const ref = { namespace, kind: live.kind as WorkloadRef["kind"], workload: name };
  const look = async () => {
    const pods = (await podsOf(kube, ref)) ?? [];
    if (pods.filter(isReady).length < replicas) throw new NotYet(`${live.kind} ${namespace}/${name} isn't ready`);
  };
  await waitFor(look, { patience, every: 500 }).catch((error: unknown) => {
    if (!(error instanceof NotYet)) throw error;
  });
}

function scale(kube: Kube, { apiVersion, kind, metadata }: LiveObject, replicas: number, note: string | null) {
  const { name, namespace } = metadata;
  return mergePatch(kube, {
    apiVersion,
    kind,
    metadata: { name, namespace, annotations: { [stoppedAnnotation]: note } },
    spec: { replicas },
  });
}

/** Writes a lost claim's notes, which its volume has kept, onto the claim that was made again. */
export async function giveBackNotes(kube: Kube, namespace: string, name: string): Promise<void> {
  const claim = await lookUpClaim(kube, namespace, name);
  const volume =
    claim?.volume === undefined ? undefined : await ifFound(kube.core.readPersistentVolume({ name: claim.volume }));
  const notes = volume?.metadata?.annotations?.[claimNotesAnnotation];
  if (!claim || notes === undefined || volume?.spec?.claimRef?.uid !== claim.uid) return;
  const annotations = JSON.parse(notes) as Record<string, string>;
  const missing = Object.fromEntries(Object.entries(annotations).filter(([key]) => !(key in claim.annotations)));
  await mergePatch(kube, {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace, annotations: missing },
  });
  await mergePatch(kube, {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: claim.volume, annotations: { [claimNotesAnnotation]: null } },
  });
}

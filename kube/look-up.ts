import type { KubernetesObject } from "@kubernetes/client-node";
import type { ClaimFacts, ClassFacts, PodFacts, VolumeFacts, WorkloadFacts } from "../model/facts";
import type { NodeFacts } from "../model/node-facts";
import { ifFound, type Kube } from "./client";
import type { WorkloadRef } from "./pods";
import { readClaim } from "./read/claims";
import { readClass, type ClassItem } from "./read/classes";
import { readNode } from "./read/nodes";
import { readPod } from "./read/pods";
import { readVolume } from "./read/volumes";
import { readWorkload, type WorkloadItem } from "./read/workloads";

/*
 * These functions read objects for ops/ through the client library, as the same facts that the program reads through
 * kube/api.ts. Each function rejects with the library's error when the API server refuses.
 */

type Core = Pick<Kube, "core">;

/** Undefined where there is no such claim. */
export async function lookUpClaim({ core }: Core, namespace: string, name: string): Promise<ClaimFacts | undefined> {
  const found = await ifFound(core.readNamespacedPersistentVolumeClaim({ namespace, name }));
  return found && readClaim(found);
}

/** Undefined where there is no such volume. */
export async function lookUpVolume({ core }: Core, name: string): Promise<VolumeFacts | undefined> {
  const found = await ifFound(core.readPersistentVolume({ name }));
  return found && readVolume(found);
}

/** Undefined where there is no such workload. */
export async function lookUpWorkload(
  { apps }: Pick<Kube, "apps">,
  { namespace, kind, workload: name }: WorkloadRef,
): Promise<WorkloadFacts | undefined> {
  const at = { namespace, name };
  const found = await ifFound<WorkloadItem>(
    kind === "Deployment" ? apps.readNamespacedDeployment(at) : apps.readNamespacedStatefulSet(at),
  );
  return found && readWorkload(found);
}

/** Every claim of the cluster, or of one namespace. */
export async function listClaims({ core }: Core, namespace?: string): Promise<ClaimFacts[]> {
  const { items } = await (namespace === undefined
    ? core.listPersistentVolumeClaimForAllNamespaces()
    : core.listNamespacedPersistentVolumeClaim({ namespace }));
  return items.map(readClaim);
}

export const listVolumes = async ({ core }: Core): Promise<VolumeFacts[]> =>
  (await core.listPersistentVolume()).items.map(readVolume);

/** Every class of the cluster. */
export async function listClasses({ objects }: Pick<Kube, "objects">): Promise<ClassFacts[]> {
  return (await objects.list<ClassItem & KubernetesObject>("storage.k8s.io/v1", "StorageClass")).items.map(readClass);
}

export const listNodes = async ({ core }: Core): Promise<NodeFacts[]> => (await core.listNode()).items.map(readNode);

/** The pods of the cluster, or of one namespace, that have claims and haven't ended. */
export async function listPods({ core }: Core, namespace?: string): Promise<PodFacts[]> {
  const { items } = await (namespace === undefined
    ? core.listPodForAllNamespaces()
    : core.listNamespacedPod({ namespace }));
  return items.flatMap(readPod);
}

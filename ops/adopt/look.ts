import type { V1Pod } from "@kubernetes/client-node";
import { setTimeout as delay } from "node:timers/promises";
import { errorCode, ifFound, type Kube } from "../../kube/client";
import { stuckOn } from "../../kube/stuck";
import { parseListing, type Listing } from "./listing";
import { lookLabel, lookPod, type LookAt } from "./look-pod";

/** What is on a claim's volume, or why no pod could look. */
export type Look = { listing: Listing } | { unseen: string };

/** How long a pod may take to start and end, in ms: it may have to pull the service's image first. */
const patience = 150_000;

/**
 * Lists a claim's files from a pod that only reads, and removes the pod. What the service's user may not read is read
 * as the user that it belongs to.
 */
export async function lookAt(kube: Kube, at: Omit<LookAt, "node">, modes: readonly string[]): Promise<Look> {
  const users = await usersOf(kube, at);
  const [user] = users;
  if (user && modes.includes("ReadWriteOncePod"))
    return { unseen: `the pod ${user.metadata?.name} has it for itself (ReadWriteOncePod)` };
  const shared = modes.some((mode) => mode.endsWith("Many"));
  const node = shared ? undefined : user?.spec?.nodeName;
  const seen = await run(kube, { ...at, node });
  if ("unseen" in seen) return seen;
  const closed = seen.listing.entries.find(({ path }) => seen.listing.closed.includes(path));
  if (!closed || closed.uid === 0 || closed.uid === at.uid) return seen;
  return run(kube, { ...at, node, uid: closed.uid, gid: closed.gid || closed.uid });
}

async function usersOf({ core }: Kube, { namespace, claim }: Pick<LookAt, "namespace" | "claim">): Promise<V1Pod[]> {
  const { items } = await core.listNamespacedPod({ namespace });
  return items.filter(
    ({ spec, status }) =>
      spec?.nodeName !== undefined &&
      !["Succeeded", "Failed"].includes(status?.phase ?? "") &&
      spec.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === claim),
  );
}

async function run(kube: Kube, at: LookAt): Promise<Look> {
  const { namespace } = at;
  const { metadata } = await kube.core.createNamespacedPod({ namespace, body: lookPod(at) });
  const name = metadata?.name ?? "";
  try {
    return await follow(kube, namespace, name);
  } finally {
    await ifFound(kube.core.deleteNamespacedPod({ namespace, name, gracePeriodSeconds: 0 }));
  }
}

async function follow({ core }: Kube, namespace: string, name: string): Promise<Look> {
  const deadline = Date.now() + patience;
  for (;;) {
    const pod = await core.readNamespacedPod({ namespace, name });
    const phase = pod.status?.phase;
    if (phase === "Succeeded") {
      const listing = parseListing(await core.readNamespacedPodLog({ namespace, name }));
      return listing ? { listing } : { unseen: `the pod that looked at it was cut short` };
    }
    const stuck = stuckOn(pod, []);
    if (phase === "Failed" || /ImagePull|ErrImage|InvalidImage/.test(stuck) || Date.now() > deadline) {
      const fieldSelector = `type=Warning,involvedObject.name=${name}`;
      const { items } = await core.listNamespacedEvent({ namespace, fieldSelector });
      return { unseen: stuckOn(pod, items).replace(/^pod \S+: /, "") };
    }
    await delay(300);
  }
}

/** Removes what a killed look has left. */
export async function removeLooks({ core }: Kube, namespaces: Iterable<string>): Promise<void> {
  for (const namespace of namespaces) {
    try {
      await core.deleteCollectionNamespacedPod({ namespace, labelSelector: lookLabel, gracePeriodSeconds: 0 });
    } catch (error) {
      if (errorCode(error) !== 404) throw error;
    }
  }
}

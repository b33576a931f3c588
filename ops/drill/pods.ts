import type { CoreV1Event, V1Pod } from "@kubernetes/client-node";
import { deletePod, isReady } from "../../kube/pods";
import { errorCode, failureOf, ifFound, type Kube } from "../../kube/client";
import { stuckOn } from "../../kube/stuck";
import { reasonIn } from "../restore/scratch";
import { NotYet, waitFor } from "../terminal/wait";
import { notBegun, refusedByQuota } from "./judge";

/** How long a pod may take to find its place and its volumes, in ms. */
const toPlace = 180_000;
/** How long a service may take to be ready, in ms: at most as long as `verify` waits. */
const toBeReady = 300_000;
/** So often may a service's container end before it counts as one that doesn't start. */
const enoughRestarts = 2;
const lastLines = 5;

/** Makes a drill's pod. Throws what a quota or a policy says against it, in plain words. */
export async function makePod({ core }: Kube, pod: V1Pod): Promise<V1Pod> {
  const { name = "", namespace = "" } = pod.metadata ?? {};
  try {
    return await core.createNamespacedPod({ namespace, body: pod });
  } catch (error) {
    if (errorCode(error) !== 403) throw error;
    throw new Error(refusedByQuota(`pod ${namespace}/${name}`, failureOf(error)));
  }
}

/** Waits until a pod has restored its volumes. Throws why it can't, as the program that restores has said it. */
export const awaitRestored = (kube: Kube, pod: V1Pod, signal: AbortSignal): Promise<V1Pod> =>
  awaitPod(kube, pod, signal, (now, events, age) => {
    const ended = (now.status?.initContainerStatuses ?? []).find(({ state }) => (state?.terminated?.exitCode ?? 0) > 0);
    if (ended) throw new Error(reasonIn(ended.state?.terminated?.message?.trim() || stuckOn(now, events)));
    if (now.status?.phase === "Failed") throw new Error(stuckOn(now, events));
    if (now.status?.containerStatuses?.some(({ state }) => state?.running)) return true;
    if (now.status?.phase === "Pending" && !hasBegun(now) && age > toPlace)
      throw new Error(notBegun(stuckOn(now, events)));
    return false;
  });

/** Waits until a service's copy is ready. Throws why it isn't, with its last words. */
export const awaitStarted = (kube: Kube, pod: V1Pod, signal: AbortSignal): Promise<V1Pod> =>
  awaitPod(kube, pod, signal, async (now, events, age) => {
    if (isReady(now)) return true;
    const statuses = [...(now.status?.initContainerStatuses ?? []), ...(now.status?.containerStatuses ?? [])];
    const failing = statuses.find(({ restartCount }) => restartCount >= enoughRestarts);
    if (!failing && age < toBeReady) return false;
    if (!failing && !hasBegun(now)) throw new Error(notBegun(stuckOn(now, events)));
    const container = (failing ?? statuses.find(({ ready }) => !ready))?.name;
    const words = await lastWords(kube, now, container, failing !== undefined);
    throw new Error(`it doesn't start: ${stuckOn(now, events)}${words === "" ? "" : `. Its last words: ${words}`}`);
  });

/** Removes a drill's pod, and waits for its end: its volumes are free then. */
export async function removePod(kube: Kube, pod: V1Pod): Promise<void> {
  const { name = "", namespace = "", uid } = pod.metadata ?? {};
  await deletePod(kube, pod);
  const look = async () => {
    const found = await ifFound(kube.core.readNamespacedPod({ name, namespace }));
    if (found?.metadata?.uid === uid) throw new NotYet(`pod ${namespace}/${name} doesn't end`);
  };
  await waitFor(look, { patience: 180_000 });
}

type Look = (now: V1Pod, events: readonly CoreV1Event[], age: number) => boolean | Promise<boolean>;

async function awaitPod({ core }: Kube, pod: V1Pod, signal: AbortSignal, look: Look): Promise<V1Pod> {
  const { name = "", namespace = "" } = pod.metadata ?? {};
  const begun = Date.now();
  for (;;) {
    signal.throwIfAborted();
    const now = await core.readNamespacedPod({ name, namespace });
    const age = Date.now() - begun;
    const late = age > 10_000;
    const fieldSelector = `type=Warning,involvedObject.name=${name}`;
    const events = late ? (await core.listNamespacedEvent({ namespace, fieldSelector })).items : [];
    if (await look(now, events, age)) return now;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Whether the node has begun with it. */
const hasBegun = ({ status }: V1Pod) =>
  [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].some(
    ({ state }) => state?.running ?? state?.terminated,
  );

async function lastWords({ core }: Kube, pod: V1Pod, container: string | undefined, previous: boolean) {
  const { name = "", namespace = "" } = pod.metadata ?? {};
  const read = (before: boolean) =>
    core.readNamespacedPodLog({ name, namespace, container, previous: before, tailLines: lastLines }).catch(() => "");
  const text = (await read(false)) || (previous ? await read(true) : "");
  return text.trim().split("\n").join(" / ");
}

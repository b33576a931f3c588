import type { V1Pod, V1PodSpec } from "@kubernetes/client-node";
import type { ClaimFacts } from "../../model/facts";
import { cleanupArgs } from "../../model/cleanup";
import { describeApiError, ifFound, type Kube } from "../../kube/client";
import { lookUpClaim } from "../../kube/look-up";
import { runPod } from "../pods/run-pod";
import { pointOrigin } from "../../model/restore";
import { UserError } from "../../model/user-error";
import type { ShorterCleanup } from "./cleanups";
import type { CleanupFound, Impact } from "./types";

/** How long counting may take, with the start of its pod, in ms. */
const patience = 120_000;

/** On the pods that count, by which those that a killed command left are found. */
const label = "cluster-storage/counts-files";

/** Adds to the report what each new or shortened clean-up would remove now, or why that can't be counted. */
export async function withFiles(
  impact: Impact,
  cleanups: readonly ShorterCleanup[],
  connect: () => Kube,
): Promise<Impact> {
  const volumes = impact.volumes.map(async (volume) => {
    const cleanup = cleanups.find(({ claim }) => claim === volume.volume);
    if (!volume.cleanup || !cleanup) return volume;
    const source = volume.move?.from;
    const found =
      source === "emptyDir"
        ? "the data is still in the running pod's own directory"
        : source?.startsWith(pointOrigin(""))
          ? "the data is still in the backups' repository"
          : await countFiles(connect(), cleanup, source);
    return { ...volume, cleanup: { ...volume.cleanup, found } };
  });
  return { ...impact, volumes: await Promise.all(volumes) };
}

/**
 * Counts by a pod on the claim, which mounts it read-only. `source`: the claim that still has the data. Returns a
 * text where it can't look; then nothing was started on the claim, or what was started is gone again.
 */
export async function countFiles(
  kube: Kube,
  { claim, pod, olderThanDays }: Pick<ShorterCleanup, "claim" | "pod" | "olderThanDays">,
  source?: string,
): Promise<CleanupFound | string> {
  const [namespace = "", name = ""] = claim.split("/");
  const counted = source ?? name;
  try {
    const refused = whyNotLook(counted, await lookUpClaim(kube, namespace, counted));
    if (refused !== undefined) return refused;
    await removeEnded(kube, namespace);
    const node = await nodeOf(kube, namespace, counted);
    return await count(kube, namespace, countingPod(pod as V1PodSpec, counted, olderThanDays, node));
  } catch (error) {
    const described = describeApiError(error, kube, `starting a pod in namespace ${namespace}`);
    if (described instanceof UserError) return described.message;
    throw error;
  }
}

/** Why no pod may be started on a claim; undefined where one may. A pod would bind a claim that waits for one. */
export function whyNotLook(name: string, claim: ClaimFacts | undefined): string | undefined {
  if (!claim) return `claim ${name} is not in the cluster`;
  if (claim.deleting) return `claim ${name} is being deleted`;
  return claim.phase === "Bound" ? undefined : `claim ${name} is ${claim.phase}`;
}

async function count(kube: Kube, namespace: string, body: V1Pod): Promise<CleanupFound | string> {
  const { name, trouble } = await runPod(kube, namespace, body, patience);
  try {
    if (trouble) return trouble;
    const printed = await kube.core.readNamespacedPodLog({ name, namespace });
    return JSON.parse(printed.trim().split("\n").at(-1) ?? "") as CleanupFound;
  } finally {
    await ifFound(kube.core.deleteNamespacedPod({ name, namespace, gracePeriodSeconds: 0 }));
  }
}

/**
 * The clean-up's own pod, which counts instead: it can write nothing, and changes no file's group on its way in.
 * `node`: where the claim is in use, because some volumes are on one node at a time.
 */
export function countingPod(spec: V1PodSpec, claim: string, days: number, node: string | undefined): V1Pod {
  const { fsGroup: _, fsGroupChangePolicy: __, ...securityContext } = spec.securityContext ?? {};
  const counting = spec.containers.map((container) => ({
    ...container,
    args: cleanupArgs("count", container.volumeMounts?.[0]?.mountPath ?? "", days),
    volumeMounts: container.volumeMounts?.map((mount) => ({ ...mount, readOnly: true })),
  }));
  return {
    metadata: { generateName: "count-files-", labels: { [label]: "true" } },
    spec: {
      ...spec,
      ...(node === undefined ? {} : { nodeName: node }),
      activeDeadlineSeconds: patience / 1000,
      terminationGracePeriodSeconds: 0,
      securityContext,
      containers: counting,
      volumes: spec.volumes?.map((volume) => ({ ...volume, persistentVolumeClaim: { claimName: claim } })),
    },
  };
}

async function nodeOf({ core }: Kube, namespace: string, claim: string): Promise<string | undefined> {
  const { items } = await core.listNamespacedPod({ namespace });
  const uses = ({ spec, status }: V1Pod) =>
    status?.phase === "Running" &&
    spec?.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === claim);
  return items.find(uses)?.spec?.nodeName;
}

/** Removes counting pods that have ended: those of a command that was killed. */
async function removeEnded({ core }: Kube, namespace: string): Promise<void> {
  const { items } = await core.listNamespacedPod({ namespace, labelSelector: label });
  const left = items.filter(({ status }) => ["Succeeded", "Failed"].includes(status?.phase ?? ""));
  for (const { metadata } of left) await ifFound(core.deleteNamespacedPod({ name: metadata?.name ?? "", namespace }));
}

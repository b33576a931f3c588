import type { KubernetesObject } from "@kubernetes/client-node";
import type { Kube } from "../../../kube/client";

/**
 * A cluster that has one volume, and claims that are gone as soon as their workload is stopped. `startsAfter`: how
 * often its two pods are looked at before they are ready.
 */
export function cluster(kept = "Retain", startsAfter = 1) {
  const changes: string[] = [];
  let asked = 0;
  const notes = { annotations: { "cluster-storage/notes-of-claim": '{"cluster-storage/moved":"{}","a":"kept"}' } };
  let policy = "Delete";
  let stopped = false;
  const kube = {
    core: {
      readPersistentVolume: async () => ({
        metadata: { name: "pvc-1", ...notes },
        spec: { persistentVolumeReclaimPolicy: policy, claimRef: { name: "redis-data", namespace: "data", uid: "1" } },
        status: { phase: "Bound" },
      }),
      listNamespacedPod: async () => {
        asked++;
        const status = { conditions: [{ type: "Ready", status: asked > startsAfter ? "True" : "False" }] };
        return {
          items: [1, 2].map((i) => ({ metadata: { name: `redis-${i}`, creationTimestamp: new Date(i) }, status })),
        };
      },
      readNamespacedPersistentVolumeClaim: async () => ({
        metadata: { uid: stopped ? "new" : "1", annotations: { a: "newer" } },
        spec: { volumeName: "pvc-1" },
      }),
    },
    apps: { readNamespacedDeployment: async () => ({ spec: { selector: { matchLabels: { app: "redis" } } } }) },
    objects: {
      patch: async ({ kind, metadata, ...rest }: KubernetesObject & { spec?: { replicas?: number } }) => {
        if (kind === "PersistentVolume") policy = kept;
        stopped ||= rest.spec?.replicas === 0;
        const { annotations } = metadata as { annotations?: object };
        changes.push(`${kind} ${metadata?.name} ${JSON.stringify({ annotations, spec: rest.spec })}`);
      },
    },
  };
  return { kube: kube as unknown as Kube, changes, looks: () => asked };
}

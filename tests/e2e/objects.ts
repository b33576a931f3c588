import type { KubernetesObject, V1Pod } from "@kubernetes/client-node";
import type { Kube } from "../../kube/client";
import { isReady } from "../../kube/pods";
import { stackAnnotation } from "../../model/metadata";

/** Every kind that the stack makes, with its API version. */
const kinds: Record<string, string[]> = {
  v1: ["Namespace", "ServiceAccount", "ConfigMap", "Secret", "Service", "PersistentVolumeClaim"],
  "apps/v1": ["Deployment", "StatefulSet"],
  "batch/v1": ["Job", "CronJob"],
  "networking.k8s.io/v1": ["NetworkPolicy"],
  "rbac.authorization.k8s.io/v1": ["Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"],
  "storage.k8s.io/v1": ["StorageClass"],
};

/** The stack's objects in the cluster, by the mark that they bear, as `Kind namespace/name`. */
export async function stackObjects(kube: Kube): Promise<Map<string, KubernetesObject>> {
  const all = Object.entries(kinds).flatMap(([apiVersion, names]) => names.map((kind) => ({ apiVersion, kind })));
  const lists = await Promise.all(
    all.map(async ({ apiVersion, kind }) =>
      (await kube.objects.list(apiVersion, kind)).items.map((item) => ({ ...item, apiVersion, kind })),
    ),
  );
  const own = lists.flat().filter(({ metadata }) => metadata?.annotations?.[stackAnnotation]);
  return new Map(own.map((object) => [`${object.kind} ${idOf(object)}`, object]));
}

/** What changes as soon as anybody touches an object of the stack, one of its volumes or one of its pods. */
export async function fingerprint(kube: Kube): Promise<Record<string, string>> {
  const [objects, volumes, pods] = await Promise.all([
    stackObjects(kube),
    kube.core.listPersistentVolume(),
    kube.core.listPodForAllNamespaces(),
  ]);
  const versions = [...objects].map(([name, { metadata }]) => [name, `${metadata?.uid} ${metadata?.resourceVersion}`]);
  const volumeVersions = volumes.items.map(({ metadata }) => [
    `PersistentVolume ${metadata?.name}`,
    `${metadata?.uid} ${metadata?.resourceVersion}`,
  ]);
  const podNames = pods.items.map((pod) => [`Pod ${idOf(pod)}`, `${pod.metadata?.uid} restarts ${restarts(pod)}`]);
  return Object.fromEntries([...versions, ...volumeVersions, ...podNames].sort());
}

/** `Kind namespace/name` of each Kubernetes object that the state records. */
export function recordedObjects(state: string): string[] {
  const { checkpoint } = JSON.parse(state) as {
    checkpoint: { latest: { resources: { type: string; id?: string; delete?: boolean }[] } };
  };
  const objects = checkpoint.latest.resources.filter(
    ({ type }) => type.startsWith("kubernetes:") && !type.endsWith("Patch"),
  );
  return objects.map(({ type, id, delete: old }) => `${type.split(":").pop()} ${id}${old ? " (old)" : ""}`).sort();
}

/** Names of the claims that take a value from another resource. */
export function dependentClaims(state: string): string[] {
  const { checkpoint } = JSON.parse(state) as {
    checkpoint: {
      latest: { resources: { type: string; id?: string; propertyDependencies?: Record<string, string[]> }[] };
    };
  };
  const claims = checkpoint.latest.resources.filter(({ type }) => type.endsWith(":PersistentVolumeClaim"));
  return claims
    .filter(({ propertyDependencies = {} }) => Object.values(propertyDependencies).flat().length > 0)
    .map(({ id }) => id ?? "");
}

/** Operations that an interrupted update left in the state. */
export function pendingOperations(state: string): unknown[] {
  return (
    (JSON.parse(state) as { checkpoint: { latest: { pending_operations?: unknown[] } } }).checkpoint.latest
      .pending_operations ?? []
  );
}

/**
 * All pods of the cluster that haven't ended by themselves, as `namespace/name`, and those of them that aren't Ready.
 */
export async function podReadiness(kube: Kube): Promise<{ all: string[]; unready: string[] }> {
  const pods = (await kube.core.listPodForAllNamespaces()).items.filter(({ status }) => status?.phase !== "Succeeded");
  return { all: pods.map(idOf).sort(), unready: pods.filter((pod) => !isReady(pod)).map(idOf) };
}

function restarts(pod: V1Pod): number {
  return (pod.status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
}

export function idOf({ metadata }: KubernetesObject): string {
  return metadata?.namespace ? `${metadata.namespace}/${metadata.name}` : String(metadata?.name);
}

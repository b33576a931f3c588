import { isWithin, parsePath, type Path } from "../protocol/diff";
import type { JsonObject } from "../protocol/values";
import { groupOf } from "./kinds";

// The fields that can't be changed in place, the same as in the official plugin. If the API server refuses a change of
// another field (a StorageClass's reclaimPolicy, a claim's volumeMode), that is an error, not a replacement.
const workload = ["spec.selector"];
const binding = ["roleRef"];
const volumeSources = [
  "awsElasticBlockStore",
  "azureDisk",
  "azureFile",
  "cephfs",
  "cinder",
  "csi",
  "fc",
  "flexVolume",
  "flocker",
  "gcePersistentDisk",
  "glusterfs",
  "hostPath",
  "iscsi",
  "local",
  "nfs",
  "photonPersistentDisk",
  "portworxVolume",
  "quobyte",
  "rbd",
  "scaleIO",
  "storageos",
  "vsphereVolume",
];
const podFields = [
  "affinity",
  "automountServiceAccountToken",
  "dnsConfig",
  "dnsPolicy",
  "enableServiceLinks",
  "hostAliases",
  "hostIPC",
  "hostNetwork",
  "hostPID",
  "hostname",
  "imagePullSecrets",
  "nodeName",
  "nodeSelector",
  "overhead",
  "preemptionPolicy",
  "priority",
  "priorityClassName",
  "readinessGates",
  "restartPolicy",
  "runtimeClassName",
  "schedulerName",
  "securityContext",
  "serviceAccount",
  "serviceAccountName",
  "shareProcessNamespace",
  "subdomain",
  "terminationGracePeriodSeconds",
  "volumes",
  "containers[*]",
  "initContainers[*]",
];

const rules: Record<string, string[]> = {
  "apps/DaemonSet": workload,
  "apps/Deployment": workload,
  "apps/StatefulSet": [
    ...workload,
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
  ],
  "batch/Job": [...workload, "spec.completions", "spec.parallelism", "spec.template"],
  "rbac.authorization.k8s.io/ClusterRoleBinding": binding,
  "rbac.authorization.k8s.io/RoleBinding": binding,
  "storage.k8s.io/StorageClass": ["parameters", "provisioner"],
  "/PersistentVolume": volumeSources.map((source) => `spec.${source}`),
  "/PersistentVolumeClaim": ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
  "/Pod": podFields.map((field) => `spec.${field}`),
  "/ResourceQuota": ["spec.scopes"],
  "/Service": ["spec.clusterIP"],
};
const identity = ["metadata.name", "metadata.namespace"];

export interface Mutability {
  enableConfigMapMutable: boolean;
  enableSecretMutable: boolean;
}

/** Paths of an object at or below which a change replaces it. */
export function replacingPaths(object: JsonObject, patch: boolean, settings: Mutability): Path[] {
  const kind = `${groupOf(String(object.apiVersion))}/${String(object.kind)}`;
  const own = patch ? [] : (rules[kind] ?? dataRules(kind, object, settings));
  return [...identity, ...own].map(parsePath);
}

function dataRules(kind: string, object: JsonObject, settings: Mutability): string[] {
  const fixed = object.immutable === true;
  if (kind === "/Secret") return fixed || !settings.enableSecretMutable ? ["type", "stringData", "data"] : ["type"];
  if (kind === "/ConfigMap" && (fixed || !settings.enableConfigMapMutable)) return ["binaryData", "data"];
  return [];
}

/** Whether a change at `path` replaces: it is at or below a replacing path. */
export function replaces(path: Path, rules: Path[]): boolean {
  return rules.some((rule) => isWithin(path, rule));
}

import type { KubernetesObject } from "@kubernetes/client-node";

/**
 * What a cluster has that was set up by hand as the migration's write-up says: objects as somebody applied them with
 * kubectl.
 */
type Manifest = KubernetesObject & { [field: string]: unknown };

export interface SeedImages {
  provisioner: string;
  helper: string;
  redis: string;
  postgres: string;
}

/** The provisioner's stock installation, with volumes below `path`. */
export function provisionerManifests({ provisioner, helper }: SeedImages, path: string): Manifest[] {
  const namespace = "local-path-storage";
  const account = "local-path-provisioner-service-account";
  const everything = [{ apiGroups: ["", "storage.k8s.io"], resources: ["*"], verbs: ["*"] }];
  const role = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "local-path-provisioner-role" };
  const helperPod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "helper-pod" },
    spec: { containers: [{ name: "helper-pod", image: helper, imagePullPolicy: "IfNotPresent" }] },
  };
  const data = {
    "config.json": JSON.stringify({ nodePathMap: [{ node: "DEFAULT_PATH_FOR_NON_LISTED_NODES", paths: [path] }] }),
    setup: '#!/bin/sh\nset -eu\nmkdir -m 0777 -p "$VOL_DIR"\n',
    teardown: '#!/bin/sh\nset -eu\nrm -rf "$VOL_DIR"\n',
    "helperPod.yaml": JSON.stringify(helperPod),
  };
  const container = {
    name: "local-path-provisioner",
    image: provisioner,
    command: [
      "local-path-provisioner",
      "start",
      "--config",
      "/etc/config/config.json",
      "--service-account-name",
      account,
      "--helper-image",
      helper,
    ],
    volumeMounts: [{ name: "config", mountPath: "/etc/config/" }],
    env: [{ name: "POD_NAMESPACE", value: namespace }],
  };
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: account, namespace } },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: role.name },
      rules: everything,
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "local-path-provisioner-bind" },
      roleRef: role,
      subjects: [{ kind: "ServiceAccount", name: account, namespace }],
    },
    {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: "local-path" },
      provisioner: "rancher.io/local-path",
      volumeBindingMode: "WaitForFirstConsumer",
      reclaimPolicy: "Delete",
    },
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "local-path-config", namespace }, data },
    workload(
      "Deployment",
      namespace,
      "local-path-provisioner",
      { app: "local-path-provisioner" },
      {
        serviceAccountName: account,
        containers: [container],
        volumes: [{ name: "config", configMap: { name: "local-path-config" } }],
      },
    ),
  ];
}

const redisClaim = claim("local-ai-system", "redis-data", "10Gi");

/** What Redis has in plain text in a variable of its own. */
export const plainToken = "plain-token-58210";

/** Redis as a Deployment that can stay: without password and append-only file, and with a container of another name. */
export function redisManifests({ redis }: SeedImages): Manifest[] {
  const container = {
    name: "server",
    image: redis,
    env: [{ name: "WEBHOOK", value: plainToken }],
    args: ["redis-server", "--save", "900", "1"],
    ports: [{ containerPort: 6379 }],
    volumeMounts: [{ name: "storage", mountPath: "/data" }],
  };
  const volumes = [{ name: "storage", persistentVolumeClaim: { claimName: "redis-data" } }];
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "local-ai-system" } },
    redisClaim,
    workload(
      "Deployment",
      "local-ai-system",
      "redis",
      { "app.kubernetes.io/name": "redis" },
      { containers: [container], volumes },
    ),
  ];
}

/**
 * PostgreSQL as a StatefulSet that can't: its selector differs. The database is at the volume's root, its password
 * in a Secret of another name.
 */
export function postgresManifests({ postgres, helper }: SeedImages, password: string): Manifest[] {
  const namespace = "local-ai-data";
  const container = {
    name: "postgres",
    image: postgres,
    ports: [{ containerPort: 5432 }],
    env: [{ name: "POSTGRES_PASSWORD", valueFrom: { secretKeyRef: { name: "db-secrets", key: "db-password" } } }],
    volumeMounts: [{ name: "postgres-data", mountPath: "/var/lib/postgresql/data" }],
  };
  const volumes = [{ name: "postgres-data", persistentVolumeClaim: { claimName: "postgres-data" } }];
  // As upstream's image does it, which begins as root.
  const owner = {
    name: "owner",
    image: helper,
    command: ["chown", "999:999", "/data"],
    securityContext: { runAsUser: 0 },
    volumeMounts: [{ name: "postgres-data", mountPath: "/data" }],
  };
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "db-secrets", namespace },
      stringData: { "db-password": password },
    },
    claim(namespace, "postgres-data", "100Gi"),
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "postgres", namespace },
      spec: { selector: { app: "postgres" }, ports: [{ port: 5432 }] },
    },
    workload(
      "StatefulSet",
      namespace,
      "postgres",
      { app: "postgres" },
      { initContainers: [owner], containers: [container], volumes },
    ),
  ];
}

function claim(namespace: string, name: string, storage: string): Manifest {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } }, storageClassName: "local-path" },
  };
}

function workload(
  kind: "Deployment" | "StatefulSet",
  namespace: string,
  name: string,
  labels: Record<string, string>,
  pod: object,
): Manifest {
  const spec = {
    replicas: 1,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: pod },
    ...(kind === "StatefulSet" && { serviceName: name }),
  };
  return { apiVersion: "apps/v1", kind, metadata: { name, namespace, labels }, spec };
}

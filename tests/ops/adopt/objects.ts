import { volumeFacts } from "../../facts";
import type { VolumeFacts } from "../../../model/facts";
import type { Facts, LiveObject, Planned } from "../../../ops/adopt/types";

/** Resources as a preview shows them, and objects as a cluster has them. Each test changes only what it is about. */

export const stack = "shop/dev";
const labels = (service: string) => ({ "app.kubernetes.io/name": service });

export function planned(kind: string, name: string, more: Record<string, unknown> = {}, service = name): Planned {
  const [apiVersion, type] = kinds[kind]!;
  const metadata = {
    name,
    ...(kind === "Namespace" || kind === "StorageClass" ? {} : { namespace: "data" }),
    labels: labels(service),
  };
  const urn = `urn:pulumi:dev::shop::cluster-storage:index:StatefulService$kubernetes:${type}:${kind}::${name}`;
  return { urn, type: `kubernetes:${type}:${kind}`, custom: true, inputs: { apiVersion, kind, metadata, ...more } };
}

const kinds: Record<string, [string, string]> = {
  PersistentVolumeClaim: ["v1", "core/v1"],
  Namespace: ["v1", "core/v1"],
  Secret: ["v1", "core/v1"],
  Service: ["v1", "core/v1"],
  Deployment: ["apps/v1", "apps/v1"],
  StatefulSet: ["apps/v1", "apps/v1"],
  StorageClass: ["storage.k8s.io/v1", "storage.k8s.io/v1"],
  RoleBinding: ["rbac.authorization.k8s.io/v1", "rbac.authorization.k8s.io/v1"],
  Job: ["batch/v1", "batch/v1"],
};

/** The live object of a planned resource: the same object, with `more` written over it. */
export function live({ inputs }: Planned, more: Record<string, unknown> = {}): LiveObject {
  const { metadata = {}, ...rest } = more as { metadata?: object };
  return {
    ...structuredClone(inputs),
    ...rest,
    metadata: { ...structuredClone(inputs!.metadata as object), uid: "1", ...metadata },
  } as unknown as LiveObject;
}

export const claimSpec = (more: object = {}) => ({
  accessModes: ["ReadWriteOnce"],
  resources: { requests: { storage: "10Gi" } },
  storageClassName: "local-path",
  ...more,
});
export const claim = planned("PersistentVolumeClaim", "redis-data", { spec: claimSpec() }, "redis");

/** A workload's pod with one container, which has the claim at /data. */
export function pod({
  image = "redis:7",
  claimName = "redis-data",
  volume,
  ...container
}: { image?: string; claimName?: string; volume?: object; [field: string]: unknown } = {}) {
  const volumes = [{ name: "storage", ...(volume ?? { persistentVolumeClaim: { claimName } }) }];
  return {
    spec: {
      containers: [{ name: "main", image, volumeMounts: [{ name: "storage", mountPath: "/data" }], ...container }],
      volumes,
    },
  };
}

export const workloadSpec = (more: object = {}) => ({
  selector: { matchLabels: labels("redis") },
  template: pod(),
  ...more,
});
export const deployment = planned("Deployment", "redis", { spec: workloadSpec() });

export function facts(pairs: [Planned, LiveObject][], more: Partial<Facts> = {}): Facts {
  return {
    live: new Map(pairs.map(([resource, object]) => [resource.urn, object])),
    volumes: [],
    users: [],
    owners: [],
    servers: new Map(),
    settings: new Map(),
    secrets: new Map(),
    ...more,
  };
}

export const volume = (more: Partial<VolumeFacts> = {}) =>
  volumeFacts({ phase: "Released", className: "local-path", size: "10Gi", claim: "data/redis-data", ...more });

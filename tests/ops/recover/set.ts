import type { StateResource } from "../../../ops/pulumi/state";
import { moveOf } from "./move-job";

const setType = "kubernetes:apps/v1:StatefulSet";
const claimType = "kubernetes:core/v1:PersistentVolumeClaim";

export const urnOfSet = `urn:pulumi:dev::shop::${setType}::db`;

const claimSpec = {
  accessModes: ["ReadWriteOnce"],
  storageClassName: "fast",
  resources: { requests: { storage: "1Gi" } },
};

/** A StatefulSet of the stack shop/dev with this claim template, as the state has it. */
export function aSet(template: string, changes: object = {}): StateResource {
  const pod = { containers: [{ name: "db", volumeMounts: [{ name: template, mountPath: "/data" }] }] };
  return {
    urn: urnOfSet,
    type: setType,
    custom: true,
    id: "cache/db",
    inputs: {
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata: { name: "db", namespace: "cache", annotations: { "cluster-storage/stack": "shop/dev" } },
      spec: {
        replicas: 1,
        template: { spec: pod },
        volumeClaimTemplates: [{ metadata: { name: template }, spec: claimSpec }],
        ...changes,
      },
    },
  };
}

export function claimResource(name: string): StateResource {
  const inputs = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace: "cache" },
    spec: claimSpec,
  };
  return {
    urn: `urn:pulumi:dev::shop::${claimType}::${name}`,
    type: claimType,
    custom: true,
    id: `cache/${name}`,
    inputs,
  };
}

/** The set's move from one template's claim to another template's. */
export const templateMove = moveOf({
  workload: { kind: "StatefulSet", name: "db" },
  template: { from: "data", to: "data-2" },
  source: { claim: "data-db-0", generation: 1 },
  target: { claim: "data-2-db-0", generation: 2 },
});

import assert from "node:assert/strict";
import type { Properties } from "../../../local-cluster/plugins/protocol/values";
import { identity, outcome } from "./diff-outcome";

describe("what replaces a Kubernetes object", () => {
  const replacing: [kind: string, path: string, before: Properties, after: Properties][] = [
    [
      "v1/PersistentVolumeClaim",
      "spec.accessModes[0]",
      { spec: { accessModes: ["ReadWriteOnce"] } },
      { spec: { accessModes: ["ReadWriteOncePod"] } },
    ],
    [
      "v1/PersistentVolumeClaim",
      "spec.storageClassName",
      { spec: { storageClassName: "a" } },
      { spec: { storageClassName: "b" } },
    ],
    ["v1/PersistentVolumeClaim", "spec.volumeName", { spec: {} }, { spec: { volumeName: "pv" } }],
    [
      "v1/PersistentVolume",
      "spec.local.path",
      { spec: { local: { path: "/a" } } },
      { spec: { local: { path: "/b" } } },
    ],
    ["apps/v1/StatefulSet", "spec.serviceName", { spec: { serviceName: "a" } }, { spec: { serviceName: "b" } }],
    ["apps/v1/StatefulSet", "spec.podManagementPolicy", { spec: {} }, { spec: { podManagementPolicy: "Parallel" } }],
    [
      "apps/v1/StatefulSet",
      "spec.revisionHistoryLimit",
      { spec: { revisionHistoryLimit: 1 } },
      { spec: { revisionHistoryLimit: 2 } },
    ],
    [
      "apps/v1/StatefulSet",
      "spec.volumeClaimTemplates[0].metadata.name",
      { spec: { volumeClaimTemplates: [{ metadata: { name: "a" } }] } },
      { spec: { volumeClaimTemplates: [{ metadata: { name: "b" } }] } },
    ],
    [
      "apps/v1/Deployment",
      "spec.selector.matchLabels.app",
      { spec: { selector: { matchLabels: { app: "a" } } } },
      { spec: { selector: { matchLabels: { app: "b" } } } },
    ],
    ["storage.k8s.io/v1/StorageClass", "provisioner", { provisioner: "a" }, { provisioner: "b" }],
    ["storage.k8s.io/v1/StorageClass", "parameters", {}, { parameters: { a: "b" } }],
    [
      "batch/v1/Job",
      "spec.template.spec.containers[0].image",
      { spec: { template: { spec: { containers: [{ image: "a" }] } } } },
      { spec: { template: { spec: { containers: [{ image: "b" }] } } } },
    ],
    ["batch/v1/Job", "spec.completions", { spec: { completions: 1 } }, { spec: { completions: 2 } }],
    [
      "rbac.authorization.k8s.io/v1/RoleBinding",
      "roleRef.name",
      { roleRef: { name: "a" } },
      { roleRef: { name: "b" } },
    ],
    ["v1/Service", "spec.clusterIP", { spec: {} }, { spec: { clusterIP: "None" } }],
    ["v1/ConfigMap", "data.k", { data: { k: "a" } }, { data: { k: "b" } }],
    ["v1/Secret", "data.k", { stringData: { k: "a" } }, { stringData: { k: "b" } }],
    ["v1/Secret", "type", { type: "Opaque" }, { type: "x" }],
  ];
  for (const [kind, path, before, after] of replacing) {
    it(`${kind} ${path}`, async () => {
      assert.deepEqual(await outcome(kind, before, after), {
        replaces: [path],
        updates: [],
        deleteBeforeReplace: true,
      });
    });
  }
});

describe("what is changed in place, or left to the API server to refuse", () => {
  const updating: [kind: string, path: string, before: Properties, after: Properties][] = [
    [
      "v1/PersistentVolumeClaim",
      "spec.resources.requests.storage",
      { spec: { resources: { requests: { storage: "1Gi" } } } },
      { spec: { resources: { requests: { storage: "2Gi" } } } },
    ],
    ["v1/PersistentVolumeClaim", "spec.volumeMode", { spec: {} }, { spec: { volumeMode: "Block" } }],
    ["storage.k8s.io/v1/StorageClass", "reclaimPolicy", { reclaimPolicy: "Delete" }, { reclaimPolicy: "Retain" }],
    [
      "apps/v1/Deployment",
      "spec.template.spec.containers[0].image",
      { spec: { template: { spec: { containers: [{ image: "a" }] } } } },
      { spec: { template: { spec: { containers: [{ image: "b" }] } } } },
    ],
    ["batch/v1/Job", "spec.ttlSecondsAfterFinished", { spec: {} }, { spec: { ttlSecondsAfterFinished: 60 } }],
    ["batch/v1/CronJob", "spec.jobTemplate", { spec: {} }, { spec: { jobTemplate: { spec: {} } } }],
    [
      "v1/Namespace",
      'metadata.labels["pod-security.kubernetes.io/enforce"]',
      { metadata: { ...identity, labels: {} } },
      { metadata: { ...identity, labels: { "pod-security.kubernetes.io/enforce": "restricted" } } },
    ],
    ["networking.k8s.io/v1/NetworkPolicy", "spec.podSelector", { spec: {} }, { spec: { podSelector: {} } }],
  ];
  for (const [kind, path, before, after] of updating) {
    it(`${kind} ${path}`, async () => {
      assert.deepEqual(await outcome(kind, before, after), {
        replaces: [],
        updates: [path],
        deleteBeforeReplace: false,
      });
    });
  }

  it("ConfigMap and Secret data when the provider makes them mutable, unless the object says immutable", async () => {
    const settings = { enableConfigMapMutable: true, enableSecretMutable: true };
    for (const kind of ["v1/ConfigMap", "v1/Secret"]) {
      const [before, after] = [{ data: { k: "YQ==" } }, { data: { k: "Yg==" } }];
      assert.deepEqual((await outcome(kind, before, after, { settings })).updates, ["data.k"]);
      const fixed = await outcome(kind, { ...before, immutable: true }, { ...after, immutable: true }, { settings });
      assert.deepEqual(fixed.replaces, ["data.k"]);
    }
  });

  it("any field but the name of a Patch resource", async () => {
    const token = "storage.k8s.io/v1:StorageClassPatch";
    const { replaces, updates } = await outcome(
      "storage.k8s.io/v1/StorageClass",
      {},
      { parameters: { a: "b" } },
      { token },
    );
    assert.deepEqual({ replaces, updates }, { replaces: [], updates: ["parameters"] });
  });
});

import assert from "node:assert/strict";
import type { Facts, Planned } from "../../../ops/adopt/types";
import { claim, deployment, facts, live, planned, pod, stack, volume, workloadSpec } from "./objects";
import { outcome, of, podIs, at, service, headless, statefulSet, inMemory, ephemeral, user } from "./outcome";

const storageClass = planned("StorageClass", "local-path", {
  provisioner: "rancher.io/local-path",
  reclaimPolicy: "Retain",
  volumeBindingMode: "WaitForFirstConsumer",
});

const binding = planned("RoleBinding", "provisioner", { roleRef: { kind: "Role", name: "provisioner" } });

const ofScratch = planned("Deployment", "redis", {
  spec: workloadSpec({
    template: pod({
      volumeMounts: [{ name: "scratch-0", mountPath: "/tmp" }],
      volume: { name: "scratch-0", emptyDir: {} },
    }),
  }),
});

describe("what adopt decides about the rest", () => {
  const cases: [what: string, resource: Planned, has: Facts, decided: string][] = [
    [
      "data in an emptyDir that the config knows of",
      ephemeral,
      of(ephemeral),
      "adopt: every update but a move loses its data in /data: npm run move -- redis --to BACKEND",
    ],
    [
      "data in an emptyDir that the config knows of, and another selector",
      ephemeral,
      of(ephemeral, { spec: workloadSpec({ template: inMemory, selector: { matchLabels: { app: "redis" } } }) }),
      "Deployment data/redis: its selector differs, so it would have to go, and its data in /data is in an " +
        "emptyDir; copy it onto a claim by hand first",
    ],
    ["an emptyDir for the moment", ofScratch, of(ofScratch), "adopt"],
    [
      "data on another claim",
      deployment,
      podIs({ claimName: "cache" }),
      "Deployment data/redis: its data is on the claim cache, not on redis-data; write services.redis.claim: cache",
    ],
    [
      "data on the node",
      deployment,
      podIs({ volume: { hostPath: { path: "/srv" } } }),
      "Deployment data/redis: its data in /data is on a volume of the kind hostPath, not on redis-data; copy " +
        "it onto a claim of that name first",
    ],
    [
      "data in a directory of the volume",
      deployment,
      podIs({ volumeMounts: [{ name: "storage", mountPath: "/data", subPath: "redis" }] }),
      "Deployment data/redis: its data is in the directory redis of redis-data, and redis looks in the root; " +
        "stop it and move the files within the volume",
    ],
    [
      "the claim elsewhere in the pod",
      deployment,
      podIs({ volumeMounts: [{ name: "storage", mountPath: "/var/lib/redis" }] }),
      "adopt",
    ],
    [
      "an emptyDir elsewhere",
      deployment,
      podIs({ volumeMounts: [{ name: "storage", mountPath: "/tmp" }], volume: { emptyDir: {} } }),
      "adopt",
    ],
    [
      "claims that go with their StatefulSet",
      statefulSet,
      of(statefulSet, {
        spec: workloadSpec({
          serviceName: "redis-headless",
          persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete" },
        }),
      }),
      "StatefulSet data/redis: its claims are deleted with it; keep them first: kubectl -n data patch " +
        `statefulset redis -p '{"spec":{"persistentVolumeClaimRetentionPolicy":{"whenDeleted":"Retain"}}}'`,
    ],
    ["a service with an address", service, of(service, { spec: { clusterIP: "10.0.0.9", ports: [] } }), "adopt"],
    [
      "an address where there shall be none",
      headless,
      of(headless, { spec: { clusterIP: "10.0.0.9" } }),
      "replace: its clusterIP is another",
    ],
    ["the same class", storageClass, of(storageClass), "adopt"],
    [
      "a class with another policy",
      storageClass,
      of(storageClass, { reclaimPolicy: "Delete" }),
      "replace: its reclaimPolicy is another",
    ],
    [
      "a class with parameters",
      storageClass,
      of(storageClass, { parameters: { nodePath: "/srv" } }),
      "replace: its parameters is another",
    ],
    [
      "rights of another role",
      binding,
      of(binding, { roleRef: { kind: "Role", name: "admin" } }),
      "replace: its roleRef is another",
    ],
    ["a job of nobody", planned("Job", "setup"), of(planned("Job", "setup")), "replace: a job runs once"],
    [
      "a job of the stack",
      planned("Job", "setup"),
      of(planned("Job", "setup"), { metadata: { annotations: { "cluster-storage/stack": stack } } }),
      "adopt",
    ],
    [
      "a patch of somebody's object",
      { ...storageClass, type: "kubernetes:storage.k8s.io/v1:StorageClassPatch" },
      of(storageClass),
      "nothing",
    ],
    ["a volume whose claim is gone", claim, facts([], { volumes: [volume()] }), "restore: pvc-1"],
    [
      "a volume that waits for its claim",
      claim,
      facts([], { volumes: [volume({ phase: "Available" })] }),
      "restore: pvc-1",
    ],
    ["a larger volume", claim, facts([], { volumes: [volume({ size: "20Gi" })] }), "restore: pvc-1"],
    ["a volume of another claim", claim, facts([], { volumes: [volume({ claim: "other/redis-data" })] }), "nothing"],
    [
      "a smaller volume",
      claim,
      facts([], { volumes: [volume({ size: "5Gi" })] }),
      `${at} its volume pvc-1 has 5Gi, less than the config's 10Gi; write services.redis.size: 5Gi`,
    ],
    [
      "a volume of another class",
      claim,
      facts([], { volumes: [volume({ className: "slow" })] }),
      `${at} its class is "slow", the config's "local-path"; write services.redis.class: slow (and a backend ` +
        "that has this class); npm run move takes the data to another afterwards",
    ],
    [
      "a volume that can't do the mode",
      claim,
      facts([], { volumes: [volume({ accessModes: ["ReadOnlyMany"] })] }),
      `${at} it is ReadOnlyMany, the config says ReadWriteOnce; write services.redis.accessMode: ReadOnlyMany`,
    ],
    [
      "a volume that may be on its way out",
      claim,
      facts([], { volumes: [volume({ reclaimPolicy: "Delete" })] }),
      `${at} its volume pvc-1 has the policy Delete, so it may be on its way out; keep it first: kubectl ` +
        `patch pv pvc-1 -p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'`,
    ],
    [
      "two volumes",
      claim,
      facts([], { volumes: [volume(), volume({ name: "pvc-2", size: "1Gi" })] }),
      `${at} 2 volumes were its own: pvc-1 (10Gi, Released), pvc-2 (1Gi, Released); let go of all but one: ` +
        `kubectl patch pv NAME --type json -p '[{"op":"remove","path":"/spec/claimRef"}]'`,
    ],
    [
      "a pod of another workload on it",
      claim,
      facts([[claim, live(claim)]], { users: [user({ owner: { kind: "Deployment", name: "cache" } })] }),
      `${at} Deployment cache uses it, which the stack doesn't have; stop it: kubectl -n data scale ` +
        "deployment cache --replicas 0",
    ],
    [
      "a pod of nobody on it",
      claim,
      facts([[claim, live(claim)]], { users: [user()] }),
      `${at} the pod cache-1 uses it, which the stack doesn't have; stop it: kubectl -n data delete pod cache-1`,
    ],
    [
      "a pod in another namespace",
      claim,
      facts([[claim, live(claim)]], { users: [user({ namespace: "other" })] }),
      "adopt",
    ],
  ];
  for (const [what, resource, has, decided] of cases) it(what, () => assert.equal(outcome(resource, has), decided));
});

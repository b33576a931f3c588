import assert from "node:assert/strict";
import { decideAdoption } from "../../../ops/adopt/decide";
import { describeFaults } from "../../../ops/adopt/print";
import type { ClaimUser, Facts, LiveObject, Planned, Verdict } from "../../../ops/adopt/types";
import { claim, claimSpec, deployment, facts, live, planned, pod, stack, volume, workloadSpec } from "./objects";

/** What is decided about one planned resource, with the reason where there is one. */
function outcome(resource: Planned, has: Facts, recorded: Planned[] = []): string {
  const verdicts = decideAdoption(recorded.includes(resource) ? [] : [resource], recorded, has, stack);
  return verdicts.map(brief).join(" | ") || "nothing";
}

function brief(verdict: Verdict): string {
  if (verdict.action === "refuse") return describeFaults([verdict]).join(" | ");
  if (verdict.action === "replace") return `replace: ${verdict.why}`;
  if (verdict.action === "restore") return `restore: ${verdict.volume}`;
  return ["adopt", ...verdict.notes].join(": ");
}

const of = (resource: Planned, more: Record<string, unknown> = {}) => facts([[resource, live(resource, more)]]);
const claimIs = (spec: object, more: Record<string, unknown> = {}) => of(claim, { spec: claimSpec(spec), ...more });
const podIs = (changes: Parameters<typeof pod>[0], more: object = {}) =>
  of(deployment, { spec: workloadSpec({ template: pod(changes), ...more }) });
const at = "PersistentVolumeClaim data/redis-data:";

const service = planned("Service", "redis", { spec: { ports: [{ port: 6379 }] } });
const headless = planned("Service", "redis-headless", { spec: { clusterIP: "None" } });
const storageClass = planned("StorageClass", "local-path", {
  provisioner: "rancher.io/local-path",
  reclaimPolicy: "Retain",
  volumeBindingMode: "WaitForFirstConsumer",
});
const binding = planned("RoleBinding", "provisioner", { roleRef: { kind: "Role", name: "provisioner" } });
const statefulSet = planned("StatefulSet", "redis", { spec: workloadSpec({ serviceName: "redis-headless" }) });
const inMemory = pod({ volume: { emptyDir: { sizeLimit: "1Gi" } } });
const ephemeral = planned("Deployment", "redis", { spec: workloadSpec({ template: inMemory }) });
const ofScratch = planned("Deployment", "redis", {
  spec: workloadSpec({
    template: pod({
      volumeMounts: [{ name: "scratch-0", mountPath: "/tmp" }],
      volume: { name: "scratch-0", emptyDir: {} },
    }),
  }),
});
const user = (more: Partial<ClaimUser> = {}): ClaimUser => ({
  namespace: "data",
  pod: "cache-1",
  claims: ["redis-data"],
  ...more,
});

describe("what adopt decides", () => {
  const cases: [what: string, resource: Planned, has: Facts, decided: string][] = [
    ["nothing there", claim, facts([]), "nothing"],
    ["the same claim", claim, of(claim), "adopt"],
    [
      "the same size, written another way",
      claim,
      claimIs({ resources: { requests: { storage: "10240Mi" } } }),
      "adopt",
    ],
    [
      "a claim of the stack that destroy retained",
      claim,
      of(claim, { metadata: { annotations: { "cluster-storage/stack": stack } } }),
      "adopt",
    ],
    [
      "a size with a fraction in the config",
      planned(
        "PersistentVolumeClaim",
        "redis-data",
        { spec: claimSpec({ resources: { requests: { storage: "1.5Gi" } } }) },
        "redis",
      ),
      claimIs({ resources: { requests: { storage: "1536Mi" } } }),
      "adopt",
    ],
    [
      "another size",
      claim,
      claimIs({ resources: { requests: { storage: "5Gi" } } }),
      `${at} it asks for 5Gi, the config says 10Gi; say services.redis.size: 5Gi; it can be changed once it ` +
        "is the stack's",
    ],
    [
      "another class",
      claim,
      claimIs({ storageClassName: "standard" }),
      `${at} its class is "standard", the config's "local-path"; say services.redis.class: standard (and a ` +
        "backend that has this class); npm run move takes the data to another afterwards",
    ],
    [
      "a static volume",
      claim,
      claimIs({ storageClassName: "" }),
      `${at} its class is none, the config's "local-path"; say services.redis.class: ""; npm run move takes ` +
        "the data to another afterwards",
    ],
    [
      "another mode",
      claim,
      claimIs({ accessModes: ["ReadWriteOncePod"] }),
      `${at} it is ReadWriteOncePod, the config says ReadWriteOnce; say services.redis.accessMode: ReadWriteOncePod`,
    ],
    [
      "two modes",
      claim,
      claimIs({ accessModes: ["ReadWriteOnce", "ReadWriteMany"] }),
      `${at} it is ReadWriteOnce and ReadWriteMany, the config says ReadWriteOnce; a claim of the stack has ` +
        "one mode: make a new claim and copy the data",
    ],
    [
      "a block device",
      claim,
      claimIs({ volumeMode: "Block" }),
      `${at} it is a raw block device, and the services keep files; give services.redis another name: claim: NAME`,
    ],
    [
      "a claim whose volume is gone",
      claim,
      claimIs({ volumeName: "pv-1" }, { status: { phase: "Lost" } }),
      `${at} its volume pv-1 is gone from the cluster; bring the volume back, or delete the claim: kubectl -n ` +
        "data delete pvc redis-data",
    ],
    [
      "a claim that its StatefulSet takes along",
      claim,
      of(claim, { metadata: { ownerReferences: [{ kind: "StatefulSet", name: "redis" }] } }),
      `${at} it is deleted with its owner, StatefulSet redis; take it from there: kubectl -n data patch pvc ` +
        `redis-data --type json -p '[{"op":"remove","path":"/metadata/ownerReferences"}]'`,
    ],
    [
      "a claim on its way out",
      claim,
      of(claim, { metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } }),
      `${at} it is being deleted; wait until it is gone, and run this again`,
    ],
    [
      "another stack's",
      claim,
      of(claim, { metadata: { annotations: { "cluster-storage/stack": "shop/prod" } } }),
      `${at} it belongs to the stack shop/prod; give this stack's service another namespace or claim`,
    ],
    [
      "a Helm release's",
      claim,
      of(claim, { metadata: { annotations: { "meta.helm.sh/release-name": "cache" } } }),
      `${at} it belongs to the Helm release cache; take it out of there first, keeping the object`,
    ],
    ["the same workload", deployment, of(deployment), "adopt"],
    ["a workload with another image", deployment, podIs({ image: "redis:6" }), "adopt: image redis:6 becomes redis:7"],
    [
      "a workload with another selector",
      deployment,
      podIs({}, { selector: { matchLabels: { app: "redis" } } }),
      "replace: its selector is another",
    ],
    [
      "one that somebody applies on the server",
      deployment,
      of(deployment, { metadata: { managedFields: [{ manager: "kubectl", operation: "Apply" }] } }),
      "replace: kubectl applies it",
    ],
    [
      "another headless service",
      statefulSet,
      of(statefulSet, { spec: workloadSpec({ serviceName: "redis" }) }),
      "replace: its headless service is another",
    ],
    [
      "claim templates",
      statefulSet,
      of(statefulSet, {
        spec: workloadSpec({ serviceName: "redis-headless", volumeClaimTemplates: [{ metadata: { name: "data" } }] }),
      }),
      "replace: its claim templates are others",
    ],
    [
      "data in an emptyDir",
      deployment,
      podIs({ volume: { emptyDir: {} } }),
      "Deployment data/redis: its data in /data is in an emptyDir, which is gone with the pod; say so first: " +
        "services.redis.backend: one of type ephemeral; then npm run move -- redis --to BACKEND brings it onto a claim",
    ],
    [
      "data in an emptyDir, and another selector too",
      deployment,
      podIs({ volume: { emptyDir: {} } }, { selector: { matchLabels: { app: "redis" } } }),
      "Deployment data/redis: its data in /data is in an emptyDir, which is gone with the pod; say so first: " +
        "services.redis.backend: one of type ephemeral; then npm run move -- redis --to BACKEND brings it onto a claim",
    ],
    [
      "data in an emptyDir that the config knows of",
      ephemeral,
      of(ephemeral),
      "adopt: the next update but a move loses its data in /data: npm run move -- redis --to BACKEND",
    ],
    [
      "data in an emptyDir that the config knows of, and another selector",
      ephemeral,
      of(ephemeral, { spec: workloadSpec({ template: inMemory, selector: { matchLabels: { app: "redis" } } }) }),
      "Deployment data/redis: its selector is another, so it would have to go, and its data in /data is in an " +
        "emptyDir; copy it onto a claim by hand first",
    ],
    ["an emptyDir for the moment", ofScratch, of(ofScratch), "adopt"],
    [
      "data on another claim",
      deployment,
      podIs({ claimName: "cache" }),
      "Deployment data/redis: its data is on the claim cache, not on redis-data; say services.redis.claim: cache",
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
    [
      "a volume of another claim",
      claim,
      facts([], { volumes: [volume({ claim: { namespace: "other", name: "redis-data" } })] }),
      "nothing",
    ],
    [
      "a smaller volume",
      claim,
      facts([], { volumes: [volume({ size: "5Gi" })] }),
      `${at} its volume pvc-1 has 5Gi, less than the config's 10Gi; say services.redis.size: 5Gi`,
    ],
    [
      "a volume of another class",
      claim,
      facts([], { volumes: [volume({ className: "slow" })] }),
      `${at} its class is "slow", the config's "local-path"; say services.redis.class: slow (and a backend ` +
        "that has this class); npm run move takes the data to another afterwards",
    ],
    [
      "a volume that can't do the mode",
      claim,
      facts([], { volumes: [volume({ accessModes: ["ReadOnlyMany"] })] }),
      `${at} it is ReadOnlyMany, the config says ReadWriteOnce; say services.redis.accessMode: ReadOnlyMany`,
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

  it("says everything that is wrong with a claim at once", () => {
    const { length } = outcome(
      claim,
      claimIs({
        storageClassName: "standard",
        accessModes: ["ReadWriteMany"],
        resources: { requests: { storage: "1Gi" } },
      }),
    ).split(" | ");
    assert.equal(length, 3);
  });

  it("leaves the pods of the program's own workload alone", () => {
    const has = facts(
      [
        [claim, live(claim)],
        [deployment, live(deployment)],
      ],
      { users: [user({ owner: { kind: "Deployment", name: "redis" } })] },
    );
    assert.deepEqual(
      decideAdoption([claim, deployment], [], has, stack).map(({ action }) => action),
      ["adopt", "adopt"],
    );
    const other = facts([[claim, live(claim)]], { users: [user({ owner: { kind: "StatefulSet", name: "redis" } })] });
    assert.deepEqual(
      decideAdoption([claim, deployment], [], other, stack).map(({ action }) => action),
      ["refuse"],
    );
  });

  it("brings a recorded claim back that the cluster has lost, and nothing that is there", () => {
    assert.equal(outcome(claim, facts([], { volumes: [volume()] }), [claim]), "restore: pvc-1");
    assert.equal(outcome(claim, of(claim), [claim]), "nothing");
    assert.equal(outcome(claim, facts([]), [claim]), "nothing");
  });

  it("knows the config's key of a claim among several", () => {
    const storage = planned("PersistentVolumeClaim", "app-storage", { spec: claimSpec() }, "taskflow");
    const object: LiveObject = live(storage, { spec: claimSpec({ resources: { requests: { storage: "1Gi" } } }) });
    assert.match(outcome(storage, facts([[storage, object]])), /say services\.taskflow\.storage\.size: 1Gi;/);
  });
});

describe("what adopt decides about PostgreSQL", () => {
  const database = (image: string, pgdata?: string) => {
    const mounts = {
      volumeMounts: [{ name: "storage", mountPath: "/var/lib/postgresql/data" }],
      ...(pgdata ? { env: [{ name: "PGDATA", value: pgdata }] } : {}),
    };
    return workloadSpec({
      serviceName: "postgres-headless",
      template: pod({ image, claimName: "postgres-data", ...mounts }),
    });
  };
  const postgres = planned("StatefulSet", "postgres", {
    spec: database("postgres:17.11-bookworm", "/var/lib/postgresql/data/pgdata"),
  });
  const decided = (image: string, pgdata?: string) =>
    outcome(postgres, of(postgres, { spec: database(image, pgdata) }));

  it("opens what a server of the same major version has, at the volume's root too", () => {
    assert.equal(decided("postgres:17.11-bookworm", "/var/lib/postgresql/data/pgdata"), "adopt");
    assert.equal(decided("postgres:17"), "adopt: image postgres:17 becomes postgres:17.11-bookworm");
    assert.equal(
      decided("registry.example/library/postgres:17"),
      "adopt: image registry.example/library/postgres:17 becomes postgres:17.11-bookworm",
    );
  });
  it("is not started on another major version's files", () => {
    assert.equal(
      decided("postgres:15"),
      "StatefulSet data/postgres: it is PostgreSQL 15, and 17 can't open its files; say " +
        "services.postgres.image: postgres:15, or one of the same major version",
    );
  });
  it("is not started on files of another user", () => {
    assert.equal(
      decided("postgres:17-alpine"),
      "StatefulSet data/postgres: its image postgres:17-alpine has another user and sorts text another way " +
        "than postgres:17.11-bookworm; say services.postgres.image: postgres:17-alpine",
    );
  });
  it("is not begun anew beside a database that it wouldn't find", () => {
    assert.equal(
      decided("postgres:17", "/var/lib/postgresql/data/main"),
      "StatefulSet data/postgres: its database is in /var/lib/postgresql/data/main, and the service looks in " +
        "/var/lib/postgresql/data and /var/lib/postgresql/data/pgdata; stop it, move the directory there, and set " +
        "PGDATA to /var/lib/postgresql/data/pgdata",
    );
  });
});

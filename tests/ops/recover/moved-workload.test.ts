import assert from "node:assert/strict";
import type { StateExport, StateResource } from "../../../ops/pulumi/state";
import { recoverStack } from "../../../ops/recover/run";
import { FakeCluster, owned } from "./fake-cluster";
import { fakeStack } from "./fake-pulumi";
import { recoveryHooks } from "./hooks";
import { moveOf, urnOf } from "./move-job";
import { job, pending, jobIn, deployment } from "./move-state";

const urnOfSet = "urn:pulumi:dev::shop::kubernetes:apps/v1:StatefulSet::redis";
const redis = () => ({
  spec: { replicas: 0, template: { spec: {} }, volumeClaimTemplates: [{ metadata: { name: "redis-data" } }] },
});
const templateMove = moveOf({
  workload: { kind: "StatefulSet", name: "redis" },
  template: { from: "redis-data", to: "redis-data-2" },
  target: { claim: "redis-data-2-redis-0", generation: 2 },
});

/** A claim with the manifest of the StatefulSet that was taken down. */
function keeperOf(claim: string, changes: object = {}) {
  const manifest = owned("apps/v1", "StatefulSet", "cache", "redis", redis(), { "cluster-storage/moving": job });
  const { name, namespace, annotations } = manifest.metadata!;
  const kept = { ...manifest, metadata: { name, namespace, annotations }, ...changes };
  return owned("v1", "PersistentVolumeClaim", "cache", claim, {}, { "cluster-storage/workload": JSON.stringify(kept) });
}
const old = (phase = "Bound") =>
  owned("v1", "PersistentVolumeClaim", "cache", "redis-data-redis-0", { status: { phase } });

/** The state with the move's job pending, and with the set as it was deployed. */
function interrupted(move = templateMove): StateExport {
  const { deployment, ...state } = pending(move);
  const metadata = { name: "redis", namespace: "cache", annotations: { "cluster-storage/stack": "shop/dev" } };
  const set: StateResource = {
    urn: urnOfSet,
    type: "kubernetes:apps/v1:StatefulSet",
    custom: true,
    id: "cache/redis",
    inputs: { apiVersion: "apps/v1", kind: "StatefulSet", metadata, ...redis() },
    outputs: { metadata: { creationTimestamp: "2026-01-01T00:01:00Z" } },
  };
  return { ...state, deployment: { ...deployment, resources: [set] } };
}

describe("an interrupted move", () => {
  const recovery = recoveryHooks();
  const { said, say } = recovery;

  it("of somebody else's is left, with its service", async () => {
    const fake = await fakeStack(recovery.directory, pending());
    const theirs = jobIn();
    theirs.metadata!.annotations = { "cluster-storage/stack": "shop/prod" };
    const cluster = new FakeCluster([theirs, deployment(0, "redis-data", job)]);
    const { left } = await recoverStack(fake.stack, cluster.connect, { say });
    assert.deepEqual(left, [urnOf(job)]);
    assert.deepEqual(cluster.changes, []);
  });

  it("whose StatefulSet was taken down for its new template has it made again", async () => {
    const fake = await fakeStack(recovery.directory, interrupted());
    const cluster = new FakeCluster([jobIn(), old(), keeperOf("redis-data-2-redis-0")]);
    await recoverStack(fake.stack, cluster.connect, { say });
    assert.deepEqual(said.slice(1, 3), [
      `StatefulSet redis was taken down by the move ${job}: made again as it was`,
      `StatefulSet redis was stopped for the move ${job}: started again, on claim redis-data-redis-0`,
    ]);
    assert.deepEqual(cluster.get("StatefulSet", "redis")?.spec?.replicas, 1);
  });

  it("makes nothing of a manifest that is not the stack's StatefulSet, and says what it holds", async () => {
    const account = { ...redis().spec, template: { spec: { serviceAccountName: "admin", hostPID: true } } };
    const cases: [object, string][] = [
      [{ apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRoleBinding" }, "apiVersion, kind"],
      [{ metadata: { name: "redis", namespace: "kube-system" } }, "metadata.namespace, metadata.annotations.cluster"],
      [{ spec: account }, "spec.template.spec.serviceAccountName, spec.template.spec.hostPID"],
    ];
    for (const [changes, fields] of cases) {
      const fake = await fakeStack(recovery.directory, interrupted());
      const cluster = new FakeCluster([jobIn(), old(), keeperOf("redis-data-2-redis-0", changes)]);
      const refused = recoverStack(fake.stack, cluster.connect, { say });
      await assert.rejects(refused, (error: Error) => {
        assert.equal(error.name, "UserError");
        const before =
          `StatefulSet cache/redis was taken down by the move ${job}, and the manifest that claim ` +
          `redis-data-2-redis-0 keeps of it is not what the stack declares (${fields}`;
        assert.equal(error.message.slice(0, before.length), before);
        const after =
          "): nothing was made from it. Find out who wrote it, remove it (kubectl -n cache annotate " +
          "persistentvolumeclaim redis-data-2-redis-0 cluster-storage/workload-), and run npm run recover again: it " +
          "makes the StatefulSet as the stack declares it.\nThe state was not changed.";
        assert.equal(error.message.slice(-after.length), after);
        return true;
      });
      assert.deepEqual(cluster.changes, [`delete Job cache/${job} Foreground uid of ${job}`]);
      assert.deepEqual(await fake.calls(), ["stack export --stack dev"]);
    }
  });

  it("has its StatefulSet made as the stack declares it once that manifest was removed", async () => {
    const fake = await fakeStack(recovery.directory, interrupted());
    const keeper = owned("v1", "PersistentVolumeClaim", "cache", "redis-data-2-redis-0", {});
    const cluster = new FakeCluster([jobIn(), old(), keeper]);
    await recoverStack(fake.stack, cluster.connect, { say });
    assert.ok(cluster.changes.includes("create StatefulSet cache/redis as pulumi-kubernetes"));
  });

  it("that fills a volume from a point has no StatefulSet made on it, for it would start on a part", async () => {
    const restore = { point: "newest", of: "shop/dev/redis", image: "", repository: "", secret: "", env: {} };
    const fill = moveOf({
      ...templateMove,
      kind: "restore",
      source: { generation: 0 },
      target: { claim: "redis-data-redis-0", generation: 1 },
      template: { from: "redis-data", to: "redis-data" },
      restore,
    });
    const fake = await fakeStack(recovery.directory, interrupted(fill));
    const cluster = new FakeCluster([jobIn(), old()]);
    await recoverStack(fake.stack, cluster.connect, { say });
    assert.deepEqual(cluster.changes, [`delete Job cache/${job} Foreground uid of ${job}`]);
  });

  it("has no StatefulSet made whose claim has no volume, for it would start empty", async () => {
    for (const objects of [[], [old("Pending")]]) {
      const fake = await fakeStack(recovery.directory, interrupted());
      const cluster = new FakeCluster([jobIn(), ...objects, keeperOf("redis-data-2-redis-0")]);
      await assert.rejects(recoverStack(fake.stack, cluster.connect, { say }), {
        name: "UserError",
        message:
          `StatefulSet redis was taken down by the move ${job}, and its claim redis-data-redis-0 has no volume: it ` +
          "was not made again, because it would start empty\nThe state was not changed.",
      });
    }
  });

  it("into the pod whose Deployment a person took away has it left away", async () => {
    const move = moveOf({ kind: "spill", target: { generation: 2 } });
    const manifest = deployment(0, "redis-data", job);
    const claim = owned(
      "v1",
      "PersistentVolumeClaim",
      "cache",
      "redis-data",
      {},
      { "cluster-storage/workload": JSON.stringify(manifest) },
    );
    const fake = await fakeStack(recovery.directory, pending(move));
    const cluster = new FakeCluster([jobIn(), claim]);
    await recoverStack(fake.stack, cluster.connect, { say });
    assert.deepEqual(cluster.changes, [`delete Job cache/${job} Foreground uid of ${job}`]);
  });

  it("whose job doesn't end stops the recovery with the state as it was", async () => {
    const fake = await fakeStack(recovery.directory, pending());
    const cluster = new FakeCluster([jobIn(), deployment(0, "redis-data", job)], { deletionsHang: true });
    await assert.rejects(recoverStack(fake.stack, cluster.connect, { say, patience: 10 }), {
      name: "UserError",
      message:
        `the job cache/${job} was told to end and is still there after 0.01 s: see what holds its pods ` +
        `(kubectl describe pods -n cache -l job-name=${job}), then run this again. The state was not changed.`,
    });
    assert.deepEqual(await fake.calls(), ["stack export --stack dev"]);
  });
});

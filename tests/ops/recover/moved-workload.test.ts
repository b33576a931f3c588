import assert from "node:assert/strict";
import { recoverStack } from "../../../ops/recover/run";
import { FakeCluster, owned } from "./fake-cluster";
import { fakeStack } from "./fake-pulumi";
import { recoveryHooks } from "./hooks";
import { moveOf, urnOf } from "./move-job";
import { job, pending, jobIn, deployment } from "./move-state";

/** A claim with the manifest of the StatefulSet that was taken down. */
function keeperOf(claim: string) {
  const manifest = owned(
    "apps/v1",
    "StatefulSet",
    "cache",
    "redis",
    {
      spec: { replicas: 0, template: { spec: {} }, volumeClaimTemplates: [{ metadata: { name: "redis-data" } }] },
    },
    { "cluster-storage/moving": job },
  );
  return owned(
    "v1",
    "PersistentVolumeClaim",
    "cache",
    claim,
    {},
    { "cluster-storage/workload": JSON.stringify(manifest) },
  );
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
    const move = moveOf({
      workload: { kind: "StatefulSet", name: "redis" },
      template: { from: "redis-data", to: "redis-data-2" },
      target: { claim: "redis-data-2-redis-0", generation: 2 },
    });
    const claim = keeperOf("redis-data-2-redis-0");
    const fake = await fakeStack(recovery.directory, pending(move));
    const cluster = new FakeCluster([jobIn(), claim]);
    await recoverStack(fake.stack, cluster.connect, { say });
    assert.deepEqual(said.slice(1, 3), [
      `StatefulSet redis was taken down by the move ${job}: made again as it was`,
      `StatefulSet redis was stopped for the move ${job}: started again, on claim redis-data-redis-0`,
    ]);
    assert.deepEqual(cluster.get("StatefulSet", "redis")?.spec?.replicas, 1);
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

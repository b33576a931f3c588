import assert from "node:assert/strict";
import { recoverStack } from "../../../ops/recover/run";
import type { StateResource } from "../../../ops/pulumi/state";
import { FakeCluster } from "./fake-cluster";
import { fakeStack } from "./fake-pulumi";
import { recoveryHooks } from "./hooks";
import { moveJob, urnOf } from "./move-job";
import { job, pending, jobIn, deployment } from "./move-state";

const recorded = (): StateResource => ({ ...moveJob(), id: `cache/${job}`, initErrors: ["was cancelled"] });

describe("an interrupted move", () => {
  const recovery = recoveryHooks();
  const { said, say } = recovery;

  it(
    "that is under way is ended, its service runs again on its old claim, and the next update begins " + "it again",
    async () => {
      const fake = await fakeStack(recovery.directory, pending());
      const cluster = new FakeCluster([jobIn(), deployment(0, "redis-data", job)]);
      assert.deepEqual(await recoverStack(fake.stack, cluster.connect, { say }), { clean: false, left: [] });
      assert.deepEqual(said, [
        `the move ${job} of redis is not complete: ending it; the next update begins it again`,
        `Deployment redis was stopped for the move ${job}: started again, on claim redis-data`,
        `Job ${job} was ended, to be made again: pending operation dropped`,
      ]);
      assert.deepEqual(cluster.changes, [
        `delete Job cache/${job} Foreground uid of ${job}`,
        "patch Deployment cache/redis",
      ]);
      assert.deepEqual(cluster.get("Deployment", "redis")?.spec?.replicas, 1);
      assert.deepEqual(cluster.get("Deployment", "redis")?.metadata?.annotations, {
        "cluster-storage/stack": "shop/dev",
      });
      assert.deepEqual((await fake.state()).deployment, { resources: [] });
      assert.deepEqual(
        (await fake.calls()).filter((call) => call.startsWith("refresh")),
        [],
      );
    },
  );

  it("is not touched the second time", async () => {
    const fake = await fakeStack(recovery.directory, pending());
    const cluster = new FakeCluster([jobIn(), deployment(0, "redis-data", job)]);
    await recoverStack(fake.stack, cluster.connect, { say });
    const changes = cluster.changes.length;
    assert.deepEqual(await recoverStack(fake.stack, cluster.connect, { say }), { clean: true, left: [] });
    assert.equal(cluster.changes.length, changes);
  });

  it("that failed and has its service running again is ended, and nothing else is changed", async () => {
    const fake = await fakeStack(recovery.directory, pending());
    const cluster = new FakeCluster([jobIn("Failed"), deployment(1, "redis-data")]);
    await recoverStack(fake.stack, cluster.connect, { say });
    assert.deepEqual(cluster.changes, [`delete Job cache/${job} Foreground uid of ${job}`]);
    assert.equal(said.length, 2);
  });

  it("that switched the claim before it was cut off leaves the service on the new one", async () => {
    const fake = await fakeStack(recovery.directory, pending());
    const cluster = new FakeCluster([jobIn(), deployment(0, "redis-data-2", job)]);
    await recoverStack(fake.stack, cluster.connect, { say });
    assert.equal(said[1], `Deployment redis was stopped for the move ${job}: started again, on claim redis-data-2`);
    assert.deepEqual(cluster.get("Deployment", "redis")?.spec?.template?.spec?.volumes?.[0], {
      name: "redis-data",
      persistentVolumeClaim: { claimName: "redis-data-2" },
    });
  });

  it("that is complete is recorded, and its service left alone", async () => {
    const fake = await fakeStack(recovery.directory, pending());
    const cluster = new FakeCluster([jobIn("Complete"), deployment(1, "redis-data-2")]);
    await recoverStack(fake.stack, cluster.connect, { say });
    assert.deepEqual(said, [`Job ${job} was created but not recorded: recorded in the state`]);
    assert.deepEqual(cluster.changes, []);
    assert.deepEqual(
      (await fake.state()).deployment.resources?.map(({ urn, id }) => [urn, id]),
      [[urnOf(job), `cache/${job}`]],
    );
    assert.deepEqual(
      (await fake.calls()).filter((call) => call.startsWith("refresh")),
      [`refresh --yes --skip-preview --stack dev --target ${urnOf(job)}`],
    );
  });

  it("whose job never came to be starts the service that someone stopped for it", async () => {
    const fake = await fakeStack(recovery.directory, pending());
    const cluster = new FakeCluster([deployment(0, "redis-data", job)]);
    await recoverStack(fake.stack, cluster.connect, { say });
    assert.equal(said[0], `Deployment redis was stopped for the move ${job}: started again, on claim redis-data`);
    assert.deepEqual(cluster.changes, ["patch Deployment cache/redis"]);
  });

  it("that the state records as not ready is ended, and read again", async () => {
    const fake = await fakeStack(
      recovery.directory,
      { version: 3, deployment: { resources: [recorded()] } },
      urnOf(job),
    );
    const cluster = new FakeCluster([jobIn(), deployment(0, "redis-data", job)]);
    await recoverStack(fake.stack, cluster.connect, { say });
    assert.equal(said[2], `Job ${job} is gone: read again`);
    assert.deepEqual((await fake.state()).deployment.resources, []);
  });

  it("that the state records as not ready and is complete by now is read again", async () => {
    const fake = await fakeStack(recovery.directory, { version: 3, deployment: { resources: [recorded()] } });
    const cluster = new FakeCluster([jobIn("Complete"), deployment(1, "redis-data-2")]);
    await recoverStack(fake.stack, cluster.connect, { say });
    assert.deepEqual(said, [`Job ${job} is complete by now: read again`]);
    assert.deepEqual(cluster.changes, []);
  });
});

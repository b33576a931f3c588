import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findClaim } from "../../../ops/move/find";
import { carryOutRelease } from "../../../ops/release/carry-out";
import { releaseVolume } from "../../../ops/release/run";
import { committedStacks, planOf } from "../../stack";
import { fakeStack } from "../recover/fake-pulumi";
import { FakeCluster } from "./fake-cluster";

const quiet = { step: <T>(_title: string, work: (note: () => void) => Promise<T>) => work(() => {}), info: () => {} };
const withRedis = (entry: string) =>
  committedStacks()
    .get("dev")!
    .replace(/redis: \{[^}]*\}/, `redis: ${entry}`);
const before = withRedis("{ size: 1Gi, generation: 2, kept: [{ generation: 1, size: 1Gi }] }");
const after = withRedis("{ size: 1Gi, generation: 2 }");
const copied = {
  "cluster-storage/moved": JSON.stringify({
    from: "redis-data",
    at: "2026-11-22T05:40:00Z",
    files: 3,
    bytes: 2048,
    seconds: 1,
    sha256: "0123456789abcdef00",
  }),
};
const urn = "urn:pulumi:dev::cluster-storage::kubernetes:core/v1:PersistentVolumeClaim::redis-data";

describe("a release", () => {
  let directory: string;
  let cluster: FakeCluster;
  const write = process.stdout.write.bind(process.stdout);
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "release-"));
    process.env.CLUSTER_STORAGE_STACKS = directory;
    await writeFile(join(directory, "Pulumi.dev.yaml"), before);
    cluster = new FakeCluster();
    cluster.add("redis-data");
    cluster.add("redis-data-2", copied);
    cluster.inUse = "redis-data-2";
  });
  afterEach(async () => {
    delete process.env.CLUSTER_STORAGE_STACKS;
    await rm(directory, { recursive: true });
  });

  const file = () => join(directory, "Pulumi.dev.yaml");
  const release = async () => {
    const fake = await fakeStack(directory, {
      version: 3,
      deployment: {
        resources: [{ urn, type: "kubernetes:core/v1:PersistentVolumeClaim", id: "local-ai-system/redis-data" }],
      },
    });
    const { plan } = planOf(before, "dev");
    const claim = findClaim("redis", plan);
    const service = plan.services.find(({ name }) => name === "redis")!;
    const target = { stack: { ...fake.stack, project: "cluster-storage" }, connect: cluster.connect };
    process.stdout.write = () => true;
    try {
      await carryOutRelease(
        { service, claim, volume: claim.kept[0]!, file: file(), before, after },
        target,
        { yes: true },
        quiet,
      );
    } finally {
      process.stdout.write = write;
    }
    return fake;
  };
  const refused = async (message: string) => {
    await assert.rejects(release(), { name: "UserError", message });
    assert.deepEqual(cluster.changes, []);
    assert.deepEqual([...cluster.claims.keys()], ["redis-data", "redis-data-2"]);
  };

  it("takes the volume, its place in the state and its line, and nothing else", async () => {
    const fake = await release();
    assert.deepEqual(cluster.changes, [
      'patch volume pvc-redis-data {"persistentVolumeReclaimPolicy":"Delete"}',
      "delete claim redis-data uid of redis-data",
    ]);
    assert.deepEqual([...cluster.volumes.keys()], ["pvc-redis-data-2"]);
    assert.deepEqual((await fake.state()).deployment.resources, []);
    assert.equal(await readFile(file(), "utf8"), after);
  });

  describe("while the question is open", () => {
    it("is off where the service went back to the volume", async () => {
      cluster.meanwhile = () => (cluster.inUse = "redis-data");
      await refused("the last move of redis isn't finished: the service is still on redis-data; nothing was deleted");
      assert.equal(await readFile(file(), "utf8"), before);
    });

    it("is off where a pod took it", async () => {
      cluster.meanwhile = () => cluster.pods.set("redis-5d", "redis-data");
      await refused("redis-data is in use by pod redis-5d: nothing was deleted");
    });

    it("is off where the stack's file was changed", async () => {
      const other = before.replace(
        "generation: 2, kept: [{ generation: 1, size: 1Gi }]",
        "generation: 1, from: 2, kept: [{ generation: 2, size: 1Gi }]",
      );
      await writeFile(file(), other);
      await refused(`${file()} was changed by somebody else meanwhile: nothing was deleted`);
      assert.equal(await readFile(file(), "utf8"), other);
    });

    it("is off where another claim has the name", async () => {
      cluster.meanwhile = () => (cluster.claims.get("redis-data")!.metadata!.uid = "another");
      await refused("redis-data has changed since it was shown above: nothing was deleted; run the same command again");
    });
  });

  it("leaves the volume of another claim that this one only names as it is", async () => {
    Object.assign(cluster.volumes.get("pvc-redis-data")!.spec!.claimRef!, { name: "theirs", uid: "theirs" });
    await release();
    assert.deepEqual(cluster.changes, ["delete claim redis-data uid of redis-data"]);
    assert.equal(cluster.volumes.get("pvc-redis-data")?.spec?.persistentVolumeReclaimPolicy, "Retain");
  });

  it("is refused before anything is looked at where its line can't be taken out of the file", async () => {
    const entry = "{ size: 1Gi, generation: 2, kept: [{ generation: 1, size: 1Gi }] }";
    await writeFile(file(), `shared: &shared ${entry}\n${withRedis("*shared")}`);
    await assert.rejects(releaseVolume("redis", { context: "nowhere" }, quiet), {
      name: "UserError",
      message:
        "cluster-storage:services.redis is not a map of its own in the stack file (it may be an alias): write it out " +
        "as a map, then run the same command again",
    });
  });
});

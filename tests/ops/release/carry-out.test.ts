import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { releaseVolume } from "../../../ops/release/run";
import { after, before, noted, quiet, useRelease, withRedis } from "./ground";

describe("a release", () => {
  const ground = useRelease();
  const refused = async (message: string) => {
    await assert.rejects(ground.release(), { name: "UserError", message });
    assert.deepEqual(ground.cluster.changes, []);
    assert.deepEqual([...ground.cluster.claims.keys()], ["redis-data", "redis-data-2"]);
  };

  it("takes the volume, its place in the state and its line, and nothing else", async () => {
    const fake = await ground.release();
    assert.deepEqual(ground.cluster.changes, [
      noted,
      "delete claim redis-data uid of redis-data",
      "give volume pvc-redis-data up: Delete",
    ]);
    assert.deepEqual([...ground.cluster.volumes.keys()], ["pvc-redis-data-2"]);
    assert.deepEqual((await fake.state()).deployment.resources, []);
    assert.equal(await readFile(ground.file, "utf8"), after);
  });

  describe("while the question is open", () => {
    it("is off where the service went back to the volume", async () => {
      ground.cluster.meanwhile = () => (ground.cluster.inUse = "redis-data");
      await refused("the last move of redis isn't finished: the service is still on redis-data; nothing was deleted");
      assert.equal(await readFile(ground.file, "utf8"), before);
    });

    it("is off where a pod took it", async () => {
      ground.cluster.meanwhile = () => ground.cluster.pods.set("redis-5d", "redis-data");
      await refused("redis-data is in use by pod redis-5d: nothing was deleted");
    });

    it("is off where the stack's file was changed", async () => {
      const other = before.replace(
        "generation: 2, kept: [{ generation: 1, size: 1Gi }]",
        "generation: 1, from: 2, kept: [{ generation: 2, size: 1Gi }]",
      );
      await writeFile(ground.file, other);
      await refused(`${ground.file} was changed by somebody else meanwhile: nothing was deleted`);
      assert.equal(await readFile(ground.file, "utf8"), other);
    });

    it("is off where another claim has the name", async () => {
      ground.cluster.meanwhile = () => (ground.cluster.claims.get("redis-data")!.metadata!.uid = "another");
      await refused("redis-data has changed since it was shown above: nothing was deleted; run the same command again");
    });
  });

  it("leaves the volume of another claim that this one only names as it is", async () => {
    Object.assign(ground.cluster.volumes.get("pvc-redis-data")!.spec!.claimRef!, { name: "theirs", uid: "theirs" });
    await ground.release();
    assert.deepEqual(ground.cluster.changes, ["delete claim redis-data uid of redis-data"]);
    assert.equal(ground.cluster.volumes.get("pvc-redis-data")?.spec?.persistentVolumeReclaimPolicy, "Retain");
  });

  it("is refused before anything is looked at where its line can't be taken out of the file", async () => {
    const entry = "{ size: 1Gi, generation: 2, kept: [{ generation: 1, size: 1Gi }] }";
    await writeFile(ground.file, `shared: &shared ${entry}\n${withRedis("*shared")}`);
    await assert.rejects(releaseVolume("redis", { context: "nowhere" }, quiet), {
      name: "UserError",
      message:
        "cluster-storage:services.redis is not a map of its own in the stack file (it may be an alias): write it out " +
        "as a map, then run the same command again",
    });
  });
});

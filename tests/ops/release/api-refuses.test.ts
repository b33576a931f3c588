import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { after, before, noted, useRelease } from "./ground";

describe("a release that the API server refuses", () => {
  const ground = useRelease();
  const advice =
    "Where a right is missing, give it to these credentials; then run the same command again, which goes on from here";
  const policy = () => ground.cluster.volumes.get("pvc-redis-data")?.spec?.persistentVolumeReclaimPolicy;
  const note = () => ground.cluster.volumes.get("pvc-redis-data")?.metadata?.annotations?.["cluster-storage/releasing"];
  const kept = "Nothing was deleted: volume pvc-redis-data keeps its policy Retain and its data.";

  it("at the claim, leaves the volume's policy as it was, and no note", async () => {
    ground.cluster.refused.add("delete claim");
    await assert.rejects(ground.release(), {
      name: "UserError",
      message:
        "Kubernetes refused to delete claim redis-data in namespace local-ai-system (403: may not delete claim). " +
        `${kept} ${advice}`,
    });
    assert.deepEqual(ground.cluster.changes, [noted, "note on volume pvc-redis-data taken away"]);
    assert.deepEqual([policy(), note()], ["Retain", undefined]);
    assert.equal(await readFile(ground.file, "utf8"), before);
  });

  it("at the note, deletes nothing", async () => {
    ground.cluster.refused.add("note");
    await assert.rejects(ground.release(), {
      name: "UserError",
      message: `Kubernetes refused to change volume pvc-redis-data (403: may not note). ${kept} ${advice}`,
    });
    assert.deepEqual(ground.cluster.changes, []);
  });

  it("at the volume, keeps the data, and finishes when it is run again", async () => {
    ground.cluster.refused.add("give up");
    await assert.rejects(ground.release(), {
      name: "UserError",
      message:
        "Kubernetes refused to set the policy of volume pvc-redis-data to Delete (403: may not give up). " +
        `Claim redis-data is deleted; volume pvc-redis-data stays with its data, in phase Released. ${advice}`,
    });
    assert.equal(policy(), "Retain");
    ground.cluster.refused.clear();
    await ground.release();
    assert.equal(ground.cluster.changes.at(-1), "give volume pvc-redis-data up: Delete");
    assert.equal(await readFile(ground.file, "utf8"), after);
  });

  it("at the claim, though the claim went, goes on", async () => {
    ground.cluster.refused.add("delete claim");
    ground.cluster.afterDelete = () => ground.cluster.claims.delete("redis-data");
    await ground.release();
    assert.deepEqual(ground.cluster.changes, [noted, "give volume pvc-redis-data up: Delete"]);
  });
});

describe("a release that was cut off", () => {
  const ground = useRelease();
  it("doesn't give a volume up that was kept for another claim meanwhile", async () => {
    ground.cluster.afterDelete = () => (ground.cluster.volumes.get("pvc-redis-data")!.spec!.claimRef!.uid = "restored");
    await assert.rejects(
      ground.release(),
      /^UserError: Kubernetes refused to set the policy of volume pvc-redis-data to Delete/,
    );
    assert.ok(ground.cluster.volumes.has("pvc-redis-data"));
  });

  it("takes no volume for its own that bears another stack's note, or none", async () => {
    ground.cluster.claims.delete("redis-data");
    for (const stack of ["cluster-storage/prod", undefined]) {
      const annotations = ground.cluster.volumes.get("pvc-redis-data")!.metadata!.annotations!;
      if (stack) annotations["cluster-storage/releasing"] = JSON.stringify({ stack, claim: "uid of redis-data" });
      else delete annotations["cluster-storage/releasing"];
      await ground.release();
      await writeFile(ground.file, before);
    }
    assert.deepEqual(ground.cluster.changes, []);
    assert.ok(ground.cluster.volumes.has("pvc-redis-data"));
  });
});

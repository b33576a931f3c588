import assert from "node:assert/strict";
import { recoverStack } from "../../../ops/recover/run";
import { FakeCluster, owned } from "../recover/fake-cluster";
import { fakeStack } from "../recover/fake-pulumi";
import { recoveryHooks } from "../recover/hooks";
import { interrupted } from "../recover/interrupted";
import { stateObject } from "../recover/state-objects";

const state = interrupted([stateObject("PersistentVolumeClaim", "redis-data", "cache")], "made");

/** The claims as they are in the cluster, with the mark of the stack's earlier name. */
const marked = (uid: string, mark = "shop/old") => {
  const claim = owned("v1", "PersistentVolumeClaim", "cache", "redis-data", {}, { "cluster-storage/stack": mark });
  claim.metadata!.uid = uid;
  return new FakeCluster([claim]);
};

describe("a stack that was renamed after an update was cut off", () => {
  const recovery = recoveryHooks();

  it("is recovered under its earlier name, because what was left bears that", async () => {
    const fake = await fakeStack(recovery.directory, state);
    const cluster = marked("uid of redis-data");
    await assert.rejects(recoverStack(fake.stack, cluster.connect, recovery), {
      name: "UserError",
      message:
        'stack "dev" was renamed after an update or a move of it was cut off: PersistentVolumeClaim ' +
        "cache/redis-data, which is its own by the uid, bears the name shop/old, and so does what that update left. " +
        "Nothing was changed. Give the stack that name again (pulumi stack rename), run npm run recover there, and " +
        "then rename it once more",
    });
    assert.deepEqual([cluster.changes, await fake.state()], [[], state]);
  });

  for (const [what, cluster] of [
    ["somebody else's claim of that name", marked("another")],
    ["its own claim", marked("uid of redis-data", "shop/dev")],
  ] as const)
    it(`isn't, by ${what}`, async () => {
      const fake = await fakeStack(recovery.directory, state);
      await recoverStack(fake.stack, cluster.connect, recovery);
      assert.deepEqual(recovery.said, ["PersistentVolumeClaim made was never created: pending operation dropped"]);
    });
});

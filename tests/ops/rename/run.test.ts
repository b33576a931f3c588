import assert from "node:assert/strict";
import { stackAnnotation, switchedOffAnnotation } from "../../../model/metadata";
import { takeOverRenamed } from "../../../ops/rename/run";
import { FakeCluster, owned, type FakeObject } from "../recover/fake-cluster";
import { fakeStack } from "../recover/fake-pulumi";
import { recoveryHooks } from "../recover/hooks";
import { stateObject, stateStack } from "../recover/state-objects";

const old = { [stackAnnotation]: "shop/old" };

const state = {
  version: 3,
  deployment: {
    resources: [
      stateStack("uid of kube-system"),
      stateObject("PersistentVolumeClaim", "redis-data", "cache"),
      stateObject("Namespace", "cache", undefined),
      stateObject("Deployment", "redis", "cache"),
      stateObject("StorageClassPatch", "standard", undefined),
    ],
  },
};

/** The stack's objects under its earlier name, somebody else's class, and a volume whose release was cut off. */
function cluster(...without: string[]): FakeCluster {
  const note = (claim: string, stack: string) => ({
    "cluster-storage/releasing": JSON.stringify({ stack, claim }),
  });
  const objects: FakeObject[] = [
    owned("v1", "Namespace", "", "kube-system", {}),
    owned("v1", "Namespace", "", "cache", {}, old),
    owned("v1", "PersistentVolumeClaim", "cache", "redis-data", {}, old),
    owned("apps/v1", "Deployment", "cache", "redis", {}, old),
    owned("storage.k8s.io/v1", "StorageClass", "", "standard", {}, { [switchedOffAnnotation]: "shop/old" }),
    owned("storage.k8s.io/v1", "StorageClass", "", "unknown", {}, { [switchedOffAnnotation]: "shop/old" }),
    owned("v1", "PersistentVolume", "", "pv-1", {}, note("uid of redis-data", "shop/old")),
    owned("v1", "PersistentVolume", "", "pv-2", {}, note("uid of another", "shop/old")),
    owned("v1", "PersistentVolume", "", "pv-3", {}, note("uid of redis-data", "shop/third")),
  ];
  return new FakeCluster(objects.filter(({ metadata }) => !without.includes(metadata?.name ?? "")));
}

describe("taking over what a renamed stack has", () => {
  const recovery = recoveryHooks();
  const nextUpdate =
    "the next pulumi up writes the new name into the labels of the pods as well: each service restarts once, on its " +
    "data";

  it("marks its objects, the classes that it has switched off, and its notes on volumes; claims last", async () => {
    const fake = await fakeStack(recovery.directory, state);
    const there = cluster();
    await takeOverRenamed(fake.stack, there.connect(), "old", recovery.say);
    assert.deepEqual(there.changes, [
      "patch StorageClass /standard",
      "patch PersistentVolume /pv-1",
      "patch Namespace /cache",
      "patch Deployment cache/redis",
      "patch PersistentVolumeClaim cache/redis-data",
    ]);
    const annotations = (kind: string, name: string) => there.get(kind, name)?.metadata?.annotations;
    assert.equal(annotations("PersistentVolumeClaim", "redis-data")?.[stackAnnotation], "shop/dev");
    assert.equal(annotations("StorageClass", "standard")?.[switchedOffAnnotation], "shop/dev");
    assert.equal(
      annotations("PersistentVolume", "pv-1")?.["cluster-storage/releasing"],
      JSON.stringify({ stack: "shop/dev", claim: "uid of redis-data" }),
    );
    assert.deepEqual(recovery.said, [
      "3 objects of the state, found by uid, had the mark of shop/old and now have that of shop/dev; nothing else " +
        "was changed, and nothing restarted",
      nextUpdate,
    ]);
    assert.deepEqual(await fake.state(), state);
  });

  it("says what is no longer there, and that nothing is left to do the second time", async () => {
    const fake = await fakeStack(recovery.directory, state);
    const there = cluster("redis");
    await takeOverRenamed(fake.stack, there.connect(), "shop/old", recovery.say);
    const { length } = there.changes;
    await takeOverRenamed(fake.stack, there.connect(), "shop/old", recovery.say);
    assert.equal(there.changes.length, length);
    const gone =
      "not in the cluster, and left as it is in the state: Deployment cache/redis; the next pulumi preview says what " +
      "that means";
    assert.deepEqual(recovery.said, [
      gone,
      "2 objects of the state, found by uid, had the mark of shop/old and now have that of shop/dev; nothing else " +
        "was changed, and nothing restarted",
      nextUpdate,
      gone,
      'every object of stack "dev" bears the mark of shop/dev already, so there was nothing to take over',
    ]);
  });

  for (const [name, mark] of [
    ["old", "old"],
    ["organization/store/old", "store/old"],
  ] as const)
    it(`changes nothing while stack ${name} has the same objects`, async () => {
      const fake = await fakeStack(recovery.directory, state, "", [name]);
      const there = cluster();
      await assert.rejects(takeOverRenamed(fake.stack, there.connect(), mark, recovery.say), {
        name: "UserError",
        message: /^nothing was taken over, because:\n- Stack (shop|store)\/old still exists and has 3 objects of this/,
      });
      assert.deepEqual(there.changes, []);
    });

  it("changes nothing in another cluster", async () => {
    const fake = await fakeStack(recovery.directory, {
      ...state,
      deployment: { resources: [stateStack("another"), ...state.deployment.resources.slice(1)] },
    });
    const there = cluster();
    await assert.rejects(takeOverRenamed(fake.stack, there.connect(), "old", recovery.say), {
      message: /^context "home" leads to another cluster than the one that the last update of stack "dev" went to/,
    });
    assert.deepEqual(there.changes, []);
  });
});

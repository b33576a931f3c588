import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { forgetOldCluster } from "../../../ops/new-cluster/run";
import { FakeCluster, owned } from "../recover/fake-cluster";
import { fakeStack } from "../recover/fake-pulumi";
import { recoveryHooks } from "../recover/hooks";
import { stateObject, stateStack } from "../recover/state-objects";

const password = { urn: "urn:pulumi:new::shop::random:index/randomPassword:RandomPassword::p", type: "random:p" };
const state = {
  version: 3,
  deployment: {
    resources: [
      stateStack("before"),
      stateObject("Namespace", "cache", undefined),
      stateObject("PersistentVolumeClaim", "redis-data", "cache"),
      password,
    ],
  },
};

/** A cluster that was made after everything in the state, with what else is in it. */
function young(...objects: ConstructorParameters<typeof FakeCluster>[0]): FakeCluster {
  const system = owned("v1", "Namespace", "", "kube-system", {});
  system.metadata!.creationTimestamp = new Date("2026-07-01T00:00:00Z");
  return new FakeCluster([system, ...objects]);
}

describe("forgetting a cluster that is gone", () => {
  const recovery = recoveryHooks();
  const { CLUSTER_STORAGE_STATE: before } = process.env;
  beforeEach(() => void (process.env.CLUSTER_STORAGE_STATE = recovery.directory));
  after(() => {
    if (before === undefined) delete process.env.CLUSTER_STORAGE_STATE;
    else process.env.CLUSTER_STORAGE_STATE = before;
  });
  const kept = () => readdir(join(recovery.directory, "kept-states")).catch(() => []);

  it("says which data is gone, keeps a copy, and leaves only what isn't in a cluster", async () => {
    const fake = await fakeStack(recovery.directory, state);
    await forgetOldCluster(fake.stack, young().connect(), { yes: true, say: recovery.say });
    const [name, ...more] = await kept();
    const copy = join(recovery.directory, "kept-states", name ?? "none");
    assert.deepEqual([JSON.parse(await readFile(copy, "utf8")), more], [state, []]);
    assert.equal((await stat(copy)).mode & 0o777, 0o600);
    assert.deepEqual((await fake.state()).deployment.resources, [{ ...stateStack(), outputs: {} }, password]);
    assert.deepEqual(recovery.said, [
      'not one of the 2 objects in the state of stack "dev" is in the cluster of context "home" (kube-system uid of ' +
        "kube-system, made at 2026-07-01T00:00:00.000Z)",
      "the data of these claims was in the old cluster, and it is not in this one:",
      "  cache/redis-data, 1Gi",
      "the next update makes them anew: filled from the newest points where the stack has backups, else empty. Files " +
        "that outlived the cluster (on a share, or on a disk that was not wiped) stay where they are: " +
        "docs/recovery.md says how to use them",
      "forgotten: 2 objects of the old cluster. A copy of the state before is kept: pulumi stack import --stack dev " +
        `--file ${copy} brings it back`,
      "generated passwords and keys are the same as before, because a backup that is restored needs them; the next " +
        "pulumi up makes everything anew",
    ]);
    await forgetOldCluster(fake.stack, young().connect(), { say: recovery.say });
    assert.equal(
      recovery.said.at(-1),
      'the state of stack "dev" has no cluster\'s objects, so there is nothing to forget: pulumi up goes on',
    );
  });

  it("goes by the cluster alone where a refresh has dropped everything from the state", async () => {
    const resources = [stateStack("before"), password];
    const fake = await fakeStack(recovery.directory, { version: 3, deployment: { resources } });
    await forgetOldCluster(fake.stack, young().connect(), { yes: true, say: recovery.say });
    assert.equal(
      recovery.said[0],
      'the state of stack "dev" has no object any more, and its last update went to another cluster than that of ' +
        'context "home" (kube-system uid of kube-system, made at 2026-07-01T00:00:00.000Z)',
    );
    assert.deepEqual((await fake.state()).deployment.resources, [{ ...stateStack(), outputs: {} }, password]);
  });

  it("changes nothing without a yes", async () => {
    const fake = await fakeStack(recovery.directory, state);
    await assert.rejects(forgetOldCluster(fake.stack, young().connect(), { say: recovery.say }), {
      message: "nothing was changed: there is no terminal to confirm on; pass --yes",
    });
    assert.deepEqual([await fake.state(), await kept()], [state, []]);
  });

  it("changes nothing where one object is still there, whatever is said", async () => {
    const fake = await fakeStack(recovery.directory, state);
    const there = young(owned("v1", "Namespace", "", "cache", {}));
    await assert.rejects(forgetOldCluster(fake.stack, there.connect(), { yes: true, say: recovery.say }), {
      name: "UserError",
      message:
        'nothing was forgotten, because:\n- 1 of the stack\'s 2 objects is in the cluster of context "home", with ' +
        "the uids that the state records (Namespace cache), so it is the stack's own cluster. Run pulumi up, which " +
        "makes anew what is missing and refuses what would lose data.",
    });
    assert.deepEqual([await fake.state(), await kept()], [state, []]);
  });
});

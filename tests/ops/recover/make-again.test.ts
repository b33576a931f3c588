import assert from "node:assert/strict";
import { recoverStack } from "../../../ops/recover/run";
import type { StateExport, StateResource } from "../../../ops/pulumi/state";
import { FakeCluster, owned, type FakeObject } from "./fake-cluster";
import { fakeStack } from "./fake-pulumi";
import { recoveryHooks } from "./hooks";
import { aSet, claimResource, urnOfSet } from "./set";

const made = { outputs: { metadata: { creationTimestamp: "2026-01-01T00:01:00Z" } } };
const inState: StateResource = { ...aSet("data-2"), ...made };
const claims = [
  { ...claimResource("data-db-0"), protect: true },
  { ...claimResource("data-2-db-0"), protect: true },
];
const state = (set: StateResource, pending?: string, resource = set): StateExport => ({
  version: 3,
  deployment: { resources: [...claims, set], ...(pending && { pending_operations: [{ type: pending, resource }] }) },
});
const gone = state({ ...inState, pendingReplacement: true });

const live = (template: string, metadata: object = {}): FakeObject => {
  const set = structuredClone(aSet(template).inputs) as FakeObject;
  return { ...set, metadata: { ...set.metadata, ...metadata } };
};
const claim = (name: string, annotations: Record<string, string> = {}) =>
  owned("v1", "PersistentVolumeClaim", "cache", name, { status: { phase: "Bound" } }, annotations);
const clusterWith = (...objects: FakeObject[]) =>
  new FakeCluster([claim("data-db-0"), claim("data-2-db-0"), ...objects]);

describe("a StatefulSet that an update was making anew", () => {
  const recovery = recoveryHooks();
  const { said, say } = recovery;
  const refreshes = async (fake: { calls(): Promise<string[]> }) =>
    (await fake.calls()).filter((call) => call.startsWith("refresh"));
  const oneRefresh = [`refresh --yes --skip-preview --stack dev --target ${urnOfSet}`];
  const again = "StatefulSet db was taken down to be made anew: made again, on claim data-2-db-0";

  it("is made again as the state has it, which then waits for no replacement, and keeps all protection", async () => {
    const fake = await fakeStack(recovery.directory, gone);
    const cluster = clusterWith();
    assert.deepEqual(await recoverStack(fake.stack, cluster.connect, { say }), { clean: false, left: [] });
    assert.deepEqual(cluster.changes, ["create StatefulSet cache/db as pulumi-kubernetes"]);
    assert.deepEqual(cluster.get("StatefulSet", "db"), inState.inputs);
    assert.deepEqual(said, [again, "StatefulSet db is as it was before the update: read again"]);
    assert.deepEqual((await fake.state()).deployment, { resources: [...claims, inState] });
    assert.deepEqual(await refreshes(fake), oneRefresh);
  });

  it("is made once: a second recovery finds nothing to do, one after a kill only the state to mend", async () => {
    const fake = await fakeStack(recovery.directory, gone);
    const cluster = clusterWith(live("data-2"));
    await recoverStack(fake.stack, cluster.connect, { say });
    assert.deepEqual(cluster.changes, []);
    assert.deepEqual((await fake.state()).deployment.resources?.at(-1), inState);
    assert.deepEqual(await recoverStack(fake.stack, cluster.connect, { say }), { clean: true, left: [] });
  });

  it("is made again once its deletion is over", async () => {
    const fake = await fakeStack(recovery.directory, state(inState, "deleting"));
    const cluster = clusterWith(live("data-2", { deletionTimestamp: new Date() }));
    await recoverStack(fake.stack, cluster.connect, { say });
    assert.deepEqual(said, [
      "StatefulSet db is being deleted: waiting until it is gone",
      again,
      "StatefulSet db was interrupted while deleting: read again",
    ]);
    assert.deepEqual(cluster.changes, ["create StatefulSet cache/db as pulumi-kubernetes"]);
    assert.deepEqual(await refreshes(fake), oneRefresh);
  });

  it("stands where its deletion had not begun", async () => {
    const fake = await fakeStack(recovery.directory, state(inState, "deleting"));
    const cluster = clusterWith(live("data-2"));
    await recoverStack(fake.stack, cluster.connect, { say });
    assert.deepEqual([cluster.changes, said], [[], ["StatefulSet db was interrupted while deleting: read again"]]);
  });

  it("is waited for no longer than told, and the state stays as it was", async () => {
    const fake = await fakeStack(recovery.directory, state(inState, "deleting"));
    const cluster = new FakeCluster([live("data-2", { deletionTimestamp: new Date() })], { deletionsHang: true });
    await assert.rejects(recoverStack(fake.stack, cluster.connect, { say, patience: 10 }), {
      name: "UserError",
      message:
        "StatefulSet db is being deleted and is still there after 0.01 s: see what holds its pods " +
        "(kubectl describe pods -n cache), then run this again. The state was not changed.",
    });
    assert.deepEqual(await fake.calls(), ["stack export --stack dev"]);
  });

  it("is the new one where that was made already", async () => {
    const fake = await fakeStack(
      recovery.directory,
      state({ ...inState, pendingReplacement: true }, "creating", aSet("data")),
    );
    const cluster = clusterWith(live("data"));
    await recoverStack(fake.stack, cluster.connect, { say });
    assert.deepEqual(
      [cluster.changes, said],
      [[], ["StatefulSet db was created but not recorded: recorded in the state"]],
    );
    const { resources } = (await fake.state()).deployment;
    assert.deepEqual(resources?.at(-1)?.inputs, aSet("data").inputs);
    assert.equal(resources?.length, 3);
  });

  it("is the old one where the new one was only about to be made", async () => {
    const fake = await fakeStack(
      recovery.directory,
      state({ ...inState, pendingReplacement: true }, "creating", aSet("data")),
    );
    const cluster = clusterWith();
    await recoverStack(fake.stack, cluster.connect, { say });
    assert.deepEqual(said, [
      again,
      "StatefulSet db was never created: pending operation dropped",
      "StatefulSet db is as it was before the update: read again",
    ]);
    assert.deepEqual((await fake.state()).deployment, { resources: [...claims, inState] });
  });

  it("stays away, and is said to, where its data has left its volume since", async () => {
    const fake = await fakeStack(recovery.directory, gone);
    const left = claim("data-2-db-0", {
      "cluster-storage/moved-to": JSON.stringify({ to: "data-3-db-0", at: "2026-01-01T00:02:00Z" }),
    });
    const cluster = new FakeCluster([left]);
    assert.deepEqual(await recoverStack(fake.stack, cluster.connect, { say }), { clean: false, left: [] });
    assert.deepEqual(cluster.changes, []);
    assert.deepEqual(said, [
      "StatefulSet db was taken down to be made anew, and its data has left its claim data-2-db-0 for " +
        "data-3-db-0: it is away until the next update",
    ]);
    assert.deepEqual((await fake.state()).deployment, gone.deployment);
  });

  it("of somebody else's is left", async () => {
    const fake = await fakeStack(recovery.directory, gone);
    const cluster = clusterWith(live("data-2", { annotations: { "cluster-storage/stack": "shop/prod" } }));
    await recoverStack(fake.stack, cluster.connect, { say });
    assert.deepEqual([cluster.changes, (await fake.state()).deployment], [[], gone.deployment]);
  });
});

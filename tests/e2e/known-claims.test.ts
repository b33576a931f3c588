import assert from "node:assert/strict";
import { PatchStrategy, type KubernetesObject } from "@kubernetes/client-node";
import { ifFound } from "../../kube/client";
import { podsOf, waitForReadyPod, type WorkloadRef } from "../../kube/pods";
import { readOutputs } from "../../ops/pulumi/stack";
import { runSteps } from "../../ops/verify/steps";
import { ops, pulumiWith, stackError } from "./cli";
import { instance, useDeployedStack } from "./fixture";
import { until } from "./state";

const own = { CLUSTER_STORAGE_INSTANCE: instance };
const redis: WorkloadRef = { namespace: "local-ai-system", kind: "Deployment", workload: "redis" };
const claim = { namespace: "local-ai-system", name: "redis-data" };
const record = { key: `known-${Date.now().toString(36)}`, value: "of-the-claim-that-went" };
const said =
  "claim redis-data in namespace local-ai-system is gone from the cluster, and no volume names it any more, so its " +
  "data is not there; bring the data back from a backup, or say that it may begin empty: npm run recover -- " +
  "--begin-empty redis";

/** Nothing in the cluster says any more that there was a claim: only the stack's state does. */
describe("a claim that somebody deleted with its pod, and its volume with it", () => {
  const cluster = useDeployedStack();
  const kube = () => cluster().kube;
  const step = async (which: "write" | "read") => {
    const { services } = await readOutputs(cluster().target.stack);
    const pod = await waitForReadyPod(kube(), redis, 120_000);
    return runSteps(kube(), services.redis!, pod, services.redis!.check[which], record);
  };
  const phase = async () => (await ifFound(kube().core.readPersistentVolume({ name: volume })))?.status?.phase;
  const setPolicy = (policy: string) =>
    kube().objects.patch(
      {
        apiVersion: "v1",
        kind: "PersistentVolume",
        metadata: { name: volume },
        spec: { persistentVolumeReclaimPolicy: policy },
      } as KubernetesObject,
      undefined,
      undefined,
      undefined,
      undefined,
      PatchStrategy.MergePatch,
    );
  const beginEmpty = () => ops(["recover", "--begin-empty", "redis"], own);
  let volume: string;
  let uid: string | undefined;

  before("a record in redis", async () => {
    await step("write");
    const found = await kube().core.readNamespacedPersistentVolumeClaim(claim);
    [volume, uid] = [found.spec!.volumeName!, found.metadata?.uid];
  });

  it("can't be given up while it is there", async () => {
    const { exitCode, printed } = await beginEmpty();
    assert.equal(exitCode, 1, printed);
    assert.equal(
      printed,
      "every claim of redis is as the last update left it, so there is nothing to give up. Nothing was changed.",
    );
  });

  it("can't be given up while its volume has the data", async function () {
    this.timeout(120_000);
    await setPolicy("Retain");
    await kube().core.deleteNamespacedPersistentVolumeClaim(claim);
    const [pod] = (await podsOf(kube(), redis)) ?? [];
    await kube().core.deleteNamespacedPod({ namespace: redis.namespace, name: pod!.metadata!.name! });
    await until("the volume is released", async () => (await phase()) === "Released");
    const { exitCode, printed } = await beginEmpty();
    assert.equal(exitCode, 1, printed);
    assert.equal(
      printed,
      `volume ${volume} still has the data of claim redis-data in namespace local-ai-system, so redis need not ` +
        "begin empty: npm run adopt brings it back. Nothing was changed.",
    );
  });

  it("is refused by an update once the data is gone, and said by impact, status and verify", async function () {
    this.timeout(120_000);
    await setPolicy("Delete");
    await until("the volume is gone", async () => (await phase()) === undefined);
    const { exitCode, printed } = await pulumiWith(cluster(), {}, ["up", "--yes", "--skip-preview"]);
    assert.equal(exitCode, 1, printed);
    const [why, wayOut] = said.split(/; (.*)/s);
    assert.equal(
      stackError(printed),
      `the config of stack "dev" has 1 fault, so nothing was changed:\n  cluster-storage:services.redis: ${said}`,
    );
    const [impact, status, verify] = await Promise.all(
      [["impact"], ["status"], ["verify", "redis"]].map((args) => ops(args, own)),
    );
    assert.equal(
      impact!.stdout.split("\n\nthe rest")[0],
      `stack "dev": DATA AT RISK; the change is refused\n\nrefused:\n  cluster-storage:services.redis: ${said}`,
    );
    assert.ok(status!.stdout.includes(`\n  ${why}:\n    ${wayOut}`), status!.stdout);
    assert.ok(verify!.stdout.includes(`FAILED: ${said}; its pod was not touched`), verify!.stdout);
    assert.deepEqual(
      [impact, status, verify].map((ended) => ended!.exitCode),
      [2, 0, 1],
    );
    assert.equal(await ifFound(kube().core.readNamespacedPersistentVolumeClaim(claim)), undefined);
  });

  it("is made anew, empty, by the update after it was given up by name", async function () {
    this.timeout(180_000);
    const given = await beginEmpty();
    assert.equal(given.exitCode, 0, given.printed);
    assert.equal(given.stdout, "the next pulumi up makes claim local-ai-system/redis-data anew, with an empty volume");
    const { exitCode, printed } = await pulumiWith(cluster(), {}, ["up", "--yes", "--skip-preview"]);
    assert.equal(exitCode, 0, printed);
    assert.doesNotMatch(await step("read"), new RegExp(record.value));
    assert.notEqual((await kube().core.readNamespacedPersistentVolumeClaim(claim)).metadata?.uid, uid);
    const again = await pulumiWith(cluster(), {}, ["preview", "--expect-no-changes"]);
    assert.equal(again.exitCode, 0, again.printed);
  });
});

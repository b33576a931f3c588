import assert from "node:assert/strict";
import { PatchStrategy, type KubernetesObject } from "@kubernetes/client-node";
import { ifFound } from "../../kube/client";
import { podsOf, waitForReadyPod, type WorkloadRef } from "../../kube/pods";
import { runSteps } from "../../ops/verify/steps";
import { readOutputs } from "../../ops/pulumi/stack";
import { ops, pulumiWith, stackError } from "./cli";
import { instance, useDeployedStack } from "./fixture";
import { until } from "./state";

const own = { CLUSTER_STORAGE_INSTANCE: instance };
const redis: WorkloadRef = { namespace: "local-ai-system", kind: "Deployment", workload: "redis" };
const claim = { namespace: "local-ai-system", name: "redis-data" };
const record = { key: `state-${Date.now().toString(36)}`, value: "kept-by-the-guards" };

/** What people do to claims with kubectl, between our commands. */
describe("a claim that somebody deleted", () => {
  const cluster = useDeployedStack();
  const kube = () => cluster().kube;
  const readClaim = () => kube().core.readNamespacedPersistentVolumeClaim(claim);
  const step = async (which: "write" | "read") => {
    const { services } = await readOutputs(cluster().target.stack);
    const pod = await waitForReadyPod(kube(), redis, 120_000);
    return runSteps(kube(), services.redis!, pod, services.redis!.check[which], record);
  };
  const redisPods = async () => (await podsOf(kube(), redis))?.map(({ metadata }) => metadata?.uid);
  const setPolicy = (name: string, policy: string) =>
    kube().objects.patch(
      {
        apiVersion: "v1",
        kind: "PersistentVolume",
        metadata: { name },
        spec: { persistentVolumeReclaimPolicy: policy },
      } as KubernetesObject,
      undefined,
      undefined,
      undefined,
      undefined,
      PatchStrategy.MergePatch,
    );
  let volume: string;

  before("a record in redis", async () => {
    await step("write");
    volume = (await readClaim()).spec!.volumeName!;
  });
  after("the volume's policy as it was", async () => {
    if (await ifFound(kube().core.readPersistentVolume({ name: volume }))) await setPolicy(volume, "Delete");
  });

  describe("while its pod runs", () => {
    const why =
      "claim redis-data in namespace local-ai-system is being deleted: as soon as no pod uses it, the claim and the " +
      "data on its volume VOLUME go (policy Delete); don't restart its pod; npm run adopt first sets the volume to " +
      "Retain and then makes the claim again on it";
    const said = () => why.replace("VOLUME", volume);
    let uid: string | undefined;

    before(async () => {
      uid = (await readClaim()).metadata?.uid;
      await kube().core.deleteNamespacedPersistentVolumeClaim(claim);
      await until("it is being deleted", async () => (await readClaim()).metadata?.deletionTimestamp !== undefined);
    });

    it("is at risk for impact, and stops an update before anything restarts", async () => {
      const impact = await ops(["impact"], own);
      assert.equal(impact.exitCode, 2, impact.printed);
      assert.equal(
        impact.stdout.split("\n\nthe rest")[0],
        `stack "dev": DATA AT RISK; the change is refused\n\nrefused:\n  cluster-storage:services.redis: ${said()}`,
      );
      const { exitCode, printed } = await pulumiWith(cluster(), {}, ["up", "--yes", "--skip-preview"]);
      assert.equal(exitCode, 1, printed);
      assert.equal(
        stackError(printed),
        `the config of stack "dev" has 1 fault, so nothing was changed:\n  cluster-storage:services.redis: ${said()}`,
      );
    });

    it("keeps verify from its pod, within seconds, and status says what helps", async () => {
      const [before, started] = [await redisPods(), Date.now()];
      const verify = await ops(["verify", "redis"], own);
      assert.equal(verify.exitCode, 1);
      assert.ok(Date.now() - started < 30_000, `${Date.now() - started} ms`);
      assert.match(
        verify.stdout,
        new RegExp(`^✗ redis +[\\d.]+ s +FAILED: ${literally(said())}; its pod was not touched$`),
      );
      assert.deepEqual(await redisPods(), before);
      const status = await ops(["status"], own);
      const [first, second] = said().split(/; (.*)/s);
      assert.ok(status.stdout.includes(`\n  ${first}:\n    ${second}`), status.stdout);
    });

    it("is made again on its volume by adopt, with the data", async () => {
      const { exitCode, printed } = await ops(["adopt", "--yes"], own);
      assert.equal(exitCode, 0, printed);
      const lines = printed.split("\n");
      assert.deepEqual(
        [
          `volume ${volume} of claim local-ai-system/redis-data is kept (policy Retain)`,
          "Deployment local-ai-system/redis is stopped until its claims are back",
          `claim local-ai-system/redis-data is back on its volume ${volume}`,
          "Deployment local-ai-system/redis is started again",
        ].filter((line) => !lines.includes(line)),
        [],
        printed,
      );
      const now = await readClaim();
      assert.notEqual(now.metadata?.uid, uid);
      assert.equal(now.spec?.volumeName, volume);
      assert.match(await step("read"), new RegExp(record.value));
    });

    it("leaves nothing for the next update to do", async () => {
      const { exitCode, printed } = await pulumiWith(cluster(), {}, ["preview", "--expect-no-changes"]);
      assert.equal(exitCode, 0, printed);
    });
  });

  describe("with its pod, and with a volume that stays", () => {
    const gone = () =>
      "there is no claim redis-data in namespace local-ai-system, and its data is on volume " +
      `${volume} (Released, 1Gi); a new claim would begin empty beside it`;
    const back = () =>
      "npm run adopt brings the claim back on it; to begin empty instead: kubectl delete pv " +
      `${volume}, which leaves the files where they are`;

    before(async function () {
      this.timeout(120_000);
      await setPolicy(volume, "Retain");
      await kube().core.deleteNamespacedPersistentVolumeClaim(claim);
      const [pod] = (await podsOf(kube(), redis)) ?? [];
      await kube().core.deleteNamespacedPod({ namespace: redis.namespace, name: pod!.metadata!.name! });
      await until(
        "the volume is released",
        async () => (await kube().core.readPersistentVolume({ name: volume })).status?.phase === "Released",
      );
    });

    it("is refused where a refresh has made the state forget it: an update would make it empty", async () => {
      const refreshed = await pulumiWith(cluster(), {}, ["refresh", "--yes", "--skip-preview"]);
      assert.equal(refreshed.exitCode, 0, refreshed.printed);
      const { exitCode, printed } = await pulumiWith(cluster(), {}, ["up", "--yes", "--skip-preview"]);
      assert.equal(exitCode, 1, printed);
      assert.equal(
        stackError(printed),
        `the config of stack "dev" has 1 fault, so nothing was changed:\n  cluster-storage:services.redis: ` +
          `${gone()}; ${back()}`,
      );
      assert.equal(await ifFound(readClaim()), undefined);
    });

    it("is said at once by verify and status", async () => {
      const verify = await ops(["verify", "redis"], own);
      assert.equal(verify.exitCode, 1);
      assert.ok(verify.stdout.includes(`FAILED: ${gone()}; ${back()}; its pod was not touched`), verify.stdout);
      const status = await ops(["status"], own);
      assert.ok(status.stdout.includes(`\n  ${gone()}:\n    ${back()}`), status.stdout);
    });

    it("is brought back by adopt, and the next update starts the service on it", async function () {
      this.timeout(300_000);
      const { exitCode, printed } = await ops(["adopt", "--yes"], own);
      assert.equal(exitCode, 0, printed);
      assert.match(printed, new RegExp(`^claim local-ai-system/redis-data is back on its volume ${volume}$`, "m"));
      assert.match(await step("read"), new RegExp(record.value));
      const { exitCode: ended, printed: last } = await pulumiWith(cluster(), {}, ["up", "--yes", "--skip-preview"]);
      assert.equal(ended, 0, last);
    });
  });
});

const literally = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");

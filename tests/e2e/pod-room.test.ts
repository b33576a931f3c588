import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { execInPod } from "../../kube/exec";
import { waitForReadyPod } from "../../kube/pods";
import { overridesFile } from "../../ops/pulumi/deployed-overrides";
import { stackError } from "./cli";
import { useCluster } from "./fixture";
import { addBallast, ballast } from "./moves/ballast";
import { Ground } from "./moves/ground";
import { moved, settings, type Lines } from "./moves/lines";
import { subjects } from "./moves/subjects";
import { directoryOf } from "./moves/volume";
import { OwnStackFile } from "./own-stack-file";
import { removeStack } from "./state";

const redis = subjects[0]!;
const { namespace } = redis.ref;
const gibibyte = 1024 ** 3;
const onClaim: Lines = { current: { generation: 1, backend: "local-path", size: "3Gi" }, kept: [] };
const inItsPod = moved(onClaim, "into its pod");

/** Redis with more data than a pod may use for logs and temporary files, moved into its pod's own directory. */
describe("a pod that keeps 2.3 GiB in a directory of its own", () => {
  const cluster = useCluster();
  let ground: Ground;
  let uid: string | undefined;

  before("Redis, moved from its claim into its pod", async function () {
    this.timeout(600_000);
    await removeStack(cluster());
    ground = new Ground(cluster(), [redis.name]);
    await update(onClaim);
    await addBallast(await directoryOf(cluster().kube, namespace, redis.claim(1)), 2360);
    await update(inItsPod);
    await inPod(`redis-cli set since-the-move kept`);
    uid = (await pod()).metadata!.uid;
  });
  after(async function () {
    this.timeout(300_000);
    await removeStack(cluster());
  });

  const write = async (lines: Lines, more: object = {}) => {
    ground.lines.set(redis.name, lines);
    await ground.write({ [redis.name]: { ...settings(lines), ...more } });
  };
  const update = async (lines: Lines, more: object = {}) => {
    await write(lines, more);
    await ground.succeed();
  };
  const pod = () => waitForReadyPod(cluster().kube, redis.ref, 180_000);
  const inPod = async (script: string) => {
    const { metadata } = await pod();
    return (await execInPod(cluster().kube, namespace, metadata!.name!, "redis", ["sh", "-c", script])).stdout.trim();
  };
  /** `npm run impact` of the stack file as it is here, without what `npm start` would lay over it. */
  const impactAsDeployed = async () => {
    const { stack } = cluster().target;
    const overrides = overridesFile(stack);
    const before = await readFile(overrides).catch(() => undefined);
    const file = await OwnStackFile.write(await readFile(stack.configFile!, "utf8"));
    await writeFile(overrides, "{}");
    try {
      return await file.run("impact");
    } finally {
      await file.remove();
      await (before ? writeFile(overrides, before) : rm(overrides));
    }
  };
  const bigger = { resources: { limits: { memory: "600Mi" } } };

  it("is the pod that the move made: the update after it replaced nothing", async () => {
    const { items } = await cluster().kube.apps.listNamespacedReplicaSet({ namespace });
    assert.equal(items.length, 2);
  });

  it("may use 2Gi more than the directory's size", async () =>
    assert.deepEqual((await pod()).spec!.containers[0]!.resources!.limits, {
      memory: "512Mi",
      "ephemeral-storage": "5Gi",
    }));

  it("has nothing to be changed by the next update", async () => {
    const { exitCode, all } = await ground.run("preview", "--expect-no-changes");
    assert.equal(exitCode, 0, all);
  });

  it("is not replaced: preview, up and impact refuse, and say why", async function () {
    this.timeout(180_000);
    const said =
      "cluster-storage:services.redis: this update would replace the pod of redis (by " +
      "containers.redis.resources.limits.memory of its template), whose own directory has the data of redis: the " +
      "next pod begins with what claim redis-data had when the data left it, and what was written since would be " +
      "lost; take the data to a claim, in the same update or before: npm run move -- redis --to BACKEND; to give up " +
      "what is in the pod: from: none in its lines";
    await write(inItsPod, bigger);
    for (const command of [["preview"], ["up", "--yes", "--skip-preview"]]) {
      const { exitCode, all } = await ground.run(...command);
      assert.equal(exitCode, 1, all);
      assert.equal(stackError(all), `the config of stack "dev" has 1 fault, so nothing was changed:\n  ${said}`);
      assert.doesNotMatch(all, /\n\s+at /);
    }
    const impact = await impactAsDeployed();
    assert.equal(
      impact.printed.split("\n\nthe rest")[0],
      `stack "dev": DATA AT RISK; the change is refused\n\nrefused:\n  ${said}`,
    );
    assert.equal(impact.exitCode, 2);
    assert.equal((await pod()).metadata!.uid, uid);
  });

  it("goes on with more than a pod may use otherwise", async () => {
    assert.ok(Number(await inPod("du -sk /data | cut -f1")) * 1024 > 2.3 * gibibyte);
    const { metadata, status } = await pod();
    assert.deepEqual([metadata!.uid, status!.phase], [uid, "Running"]);
  });

  it("may go with an update that takes the data to a claim", async function () {
    this.timeout(180_000);
    await inPod(`rm /data/${ballast}`);
    await update(moved(inItsPod, "out of its pod"), bigger);
    assert.equal(await inPod("redis-cli get since-the-move"), "kept");
    assert.deepEqual((await pod()).spec!.containers[0]!.resources!.limits, {
      memory: "600Mi",
      "ephemeral-storage": "2Gi",
    });
  });
});

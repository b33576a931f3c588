import assert from "node:assert/strict";
import type { V1CronJob, V1Job } from "@kubernetes/client-node";
import { chown, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { cleanupArgs } from "../../model/cleanup";
import { countFiles } from "../../ops/impact/count-files";
import { impactText } from "../../ops/impact/print";
import { readImpact } from "../../ops/impact/run";
import { overridesFile } from "../../ops/pulumi/deployed-overrides";
import { ensureStack } from "../../ops/pulumi/stack";
import { catalogue } from "../../services/catalogue";
import { changedConfig, ops, pulumiWith } from "./cli";
import { instance, useCluster } from "./fixture";
import { removeStack, until } from "./state";

const namespace = "taskflow";
const name = "taskflow-cleanup";
/** So old, in days, that the tests needn't wait. */
const aMoment = 1 / (24 * 60 * 60);

describe("a clean-up", () => {
  const cluster = useCluster();
  let files: string;

  /** The config with Taskflow alone, and this clean-up of its files. */
  const change = (cleanup?: object) => ({
    "cluster-storage:services": {
      ...Object.fromEntries([...catalogue.keys()].map((service) => [service, undefined])),
      "taskflow-db": { size: "1Gi" },
      taskflow: { storage: { size: "1Gi" }, logs: { size: "1Gi" }, files: { size: "1Gi", cleanup } },
    },
  });
  const update = async (cleanup?: object) => {
    const { exitCode, printed } = await pulumiWith(cluster(), change(cleanup), ["up", "--yes", "--skip-preview"]);
    assert.equal(exitCode, 0, printed);
  };
  const impact = async (cleanup: object) =>
    readImpact(cluster().target, await changedConfig(cluster(), change(cleanup)));
  const cronJob = async () => {
    const metadata = { name, namespace };
    return (await cluster().kube.objects.read({ apiVersion: "batch/v1", kind: "CronJob", metadata })) as V1CronJob;
  };
  const jobs = async () => (await cluster().kube.objects.list<V1Job>("batch/v1", "Job", namespace)).items;
  const pods = async () => (await cluster().kube.core.listNamespacedPod({ namespace })).items;

  /** A run of the clean-up as its CronJob would start it, with another image or other arguments. */
  const run = async (other: object) => {
    const { metadata, spec } = await cronJob();
    const job = structuredClone(spec!.jobTemplate.spec!);
    Object.assign(job.template.spec!.containers[0]!, other);
    const owner = { apiVersion: "batch/v1", kind: "CronJob", name, uid: metadata!.uid! };
    await cluster().kube.objects.create({
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { generateName: `${name}-test-`, namespace, ownerReferences: [{ ...owner, controller: true }] },
      ...{ spec: { ...job, backoffLimit: 0 } },
    });
  };
  const statusSays = (line: RegExp) =>
    until(
      `status says ${line}`,
      async () => line.test((await ops(["status"], { CLUSTER_STORAGE_INSTANCE: instance })).stdout),
      30,
    );

  before("Taskflow with a volume for files", async function () {
    this.timeout(300_000);
    await removeStack(cluster());
    await ensureStack(cluster().target.stack);
    // What npm start would lay over the config is in it already.
    await writeFile(overridesFile(cluster().target.stack), "{}");
    await update();
    const volumes = await cluster().kube.core.listPersistentVolume();
    files = volumes.items.find(({ spec }) => spec?.claimRef?.name === "file-storage")!.spec!.local!.path!;
    for (const file of ["uploaded today", "new"]) {
      await writeFile(join(files, file), "12345");
      await chown(join(files, file), 1000, 1000);
    }
    await utimes(join(files, "uploaded today"), 0, 0);
  });
  after(async function () {
    this.timeout(300_000);
    await removeStack(cluster());
  });

  it("is at risk before it is deployed, with what is on the real volume, and nothing is left of the look", async () => {
    const report = await impact({ olderThan: "30d" });
    assert.equal(impactText(report).split("\n")[0], 'stack "dev": DATA AT RISK: taskflow/file-storage cleaned');
    assert.match(
      impactText(report).replace(/ {2,}/g, " "),
      new RegExp(
        "! cleaned 1Gi local-path old files go from it after 30 days from now on \\(at 0 3 \\* \\* \\*\\): now 0 of " +
          "2 files would go, 0 bytes of 10 bytes",
      ),
    );
    // The service's, its database's, and that of the job that made its role there.
    const names = (await pods()).map(({ metadata }) => metadata!.name!.replace(/-.*/, ""));
    assert.deepEqual(names, ["taskflow", "taskflow", "taskflow"]);
  });

  it("runs here, and keeps a file that was uploaded today with an old time", async function () {
    this.timeout(180_000);
    await update({ olderThan: "30d" });
    await run({});
    await until("a run has ended well", async () => (await jobs()).some(({ status }) => status?.succeeded === 1), 90);
    assert.deepEqual((await readdir(files)).sort(), ["new", "uploaded today"]);
    const { exitCode, stdout } = await ops(["status"], { CLUSTER_STORAGE_INSTANCE: instance });
    assert.equal(exitCode, 0);
    assert.doesNotMatch(stdout, /clean-up/);
  });

  it("is at risk with fewer days, and counts the files that would go", async () => {
    const report = await impact({ olderThan: "7d" });
    assert.match(
      impactText(report),
      /old files go from it after 7 days instead of 30 \(at 0 3 \* \* \*\): now 0 of 2 /,
    );
    await delay(1500);
    const { spec } = (await cronJob()).spec!.jobTemplate.spec!.template;
    const asked = { claim: `${namespace}/file-storage`, pod: spec as never, olderThanDays: aMoment };
    assert.deepEqual(await countFiles(cluster().kube, asked), { files: 2, bytes: 10, oldFiles: 2, oldBytes: 10 });
    assert.equal((await readdir(files)).length, 2);
  });

  it("can't be counted on a claim that is not there, and says so", async () => {
    const { spec } = (await cronJob()).spec!.jobTemplate.spec!.template;
    const asked = { claim: `${namespace}/gone`, pod: spec as never, olderThanDays: 1 };
    assert.equal(await countFiles(cluster().kube, asked), "claim gone is not in the cluster");
  });

  it("has its trouble in status: suspended, a run that failed, an image that is missing", async () => {
    const suspend = (suspended: boolean) =>
      cluster().kube.objects.patch({
        apiVersion: "batch/v1",
        kind: "CronJob",
        metadata: { name, namespace },
        ...{ spec: { suspend: suspended } },
      });
    const its = String.raw`its clean-up, the CronJob taskflow/taskflow-cleanup,`;
    await suspend(true);
    await statusSays(new RegExp(`^  taskflow: ${its} is suspended, so old files stay; let it run again: kubectl`, "m"));
    await suspend(false);
    await run({ args: ["remove"] });
    await statusSays(new RegExp(`^  taskflow: the last run of ${its} failed \\(BackoffLimitExceeded\\), so old`, "m"));
    await run({ image: "registry.invalid/none:1", imagePullPolicy: "Always" });
    await statusSays(new RegExp(`^  taskflow: ${its} can't run, so old files stay: pod .*; name an image that`, "m"));
  });

  it("removes what is old", async () => {
    await run({ args: cleanupArgs("remove", "/files", aMoment) });
    await until("the old files are gone", async () => (await readdir(files)).length === 0, 30);
  });
});

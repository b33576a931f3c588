import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { V1CronJob, V1NetworkPolicy } from "@kubernetes/client-node";
import { execa } from "execa";
import { parseAllDocuments } from "yaml";
import { connect } from "../../kube/client";
import type { BackupTask, Drilled, DrillFailed } from "../../model/backup";
import { chooseBackups } from "../../ops/backup/decide";
import { noteDrill } from "../../ops/drill/note";
import { drillServices } from "../../ops/drill/run";
import { readDeployed } from "../../ops/pulumi/known-claims";
import { checkout } from "../../ops/pulumi/project";
import { stackId } from "../../ops/pulumi/stack";
import { redis, useBackedUp } from "./backed-up";
import { address } from "./backup-target";
import { ops } from "./cli";
import { accountsKubeconfig, remove } from "./doctored";
import { killHard } from "./kill";
import { until } from "./state";

const home = "local-ai-backups";
const scratch = `${home}-drill`;

describe("a drill of the backups", () => {
  const { cluster, file, inRedis } = useBackedUp({ searxng: { size: "1Gi" }, n8n: { size: "1Gi" } });
  const services = ["n8n", "postgres", "redis", "searxng"];
  const drill = (...args: string[]) => ops(["drill", ...args], file().env);
  /** What of a drill is in the cluster. */
  const left = async () => {
    const { core } = cluster().kube;
    const [namespaces, volumes] = await Promise.all([core.listNamespace(), core.listPersistentVolume()]);
    return [
      ...namespaces.items.filter(({ metadata }) => metadata?.name?.startsWith(`${home}-`)),
      ...volumes.items.filter(({ spec }) => spec?.claimRef?.namespace?.startsWith(`${home}-`)),
    ].map(({ metadata }) => metadata?.name);
  };
  const note = async <T>(name: string): Promise<T | undefined> => {
    const { core } = cluster().kube;
    const claim = await core.readNamespacedPersistentVolumeClaim({ name: "redis-data", namespace: redis.namespace });
    const text = claim.metadata?.annotations?.[`cluster-storage/${name}`];
    return text === undefined ? undefined : (JSON.parse(text) as T);
  };

  before("a repository", async function () {
    this.timeout(600_000);
    const { exitCode, printed } = await file().run("backup", "--init");
    assert.equal(exitCode, 0, printed);
  });

  it("is closed, and is the only one of its stack", async function () {
    this.timeout(300_000);
    const { kube } = cluster();
    const { env } = file();
    const running = execa("node", ["ops/run.mjs", "drill"], { cwd: checkout, env, reject: false, input: "" });
    await until("a copy of a service", async () => {
      const labelSelector = "cluster-storage/drill-part=service";
      return (await kube.core.listNamespacedPod({ namespace: `${scratch}-before`, labelSelector })).items.length > 0;
    });
    const other = await drill("redis");
    assert.equal(other.exitCode, 1);
    assert.match(
      other.stderr,
      /^a drill of this stack runs already, since \S+Z; nothing was changed\. Wait for its end/,
    );
    const closed = {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "closed", namespace: scratch },
    };
    const { spec } = (await kube.objects.read(closed)) as V1NetworkPolicy;
    assert.deepEqual(
      [spec?.policyTypes, spec?.ingress, spec?.egress].map((each) => JSON.stringify(each)),
      ['["Ingress","Egress"]', '[{"_from":[{"podSelector":{}}]}]', '[{"to":[{"podSelector":{}}]}]'],
    );
    killHard(running.pid!, true);
    await running;
    assert.ok((await left()).includes(scratch));
  });

  it("removes what a killed one has left, but nothing that no drill has made", async function () {
    this.timeout(300_000);
    const { core } = cluster().kube;
    const mine = { name: "mine", namespace: scratch };
    await core.createNamespacedConfigMap({ namespace: scratch, body: { metadata: { name: mine.name } } });
    const { exitCode, stderr } = await drill("--clean");
    assert.equal(exitCode, 1);
    assert.equal(
      stderr,
      `in the drill's namespace ${scratch} is something that no drill has made, so it stays: ConfigMap mine. Look at ` +
        `it, and delete it: kubectl delete namespace ${scratch}`,
    );
    await core.readNamespacedConfigMap(mine);
    await until("the drill's claims are gone, once its pods have ended", async () => {
      const { items } = await core.listNamespacedPersistentVolumeClaim({ namespace: scratch });
      return items.length === 0;
    });
    await core.deleteNamespacedConfigMap(mine);
  });

  it("proves every service's, those that start on a database too", async function () {
    this.timeout(600_000);
    const { exitCode, stdout, printed } = await drill();
    assert.equal(exitCode, 0, printed);
    assert.match(stdout, new RegExp(`^removing what a drill has left in the namespace ${scratch}$`, "m"));
    for (const service of services)
      assert.match(
        stdout,
        new RegExp(`^${service} +[0-9a-f]{8} +\\d+\\w+ +ok +\\d+\\.\\d +the record [0-9a-f]{16}$`, "m"),
      );
  });

  it("leaves nothing behind, not even its record", async () => {
    assert.deepEqual(await left(), []);
    assert.equal(await inRedis("keys", "*"), "");
  });

  it("is noted on the claims, told by an event, and shown", async () => {
    const [drilled, done] = await Promise.all([note<Drilled>("drilled"), note<{ id: string }>("backed-up")]);
    assert.deepEqual([drilled!.point, drilled!.seconds > 0], [done!.id, true]);
    const { items } = await cluster().kube.core.listNamespacedEvent({ namespace: redis.namespace });
    assert.equal(items.filter(({ reason }) => reason === "BackupDrilled").length, 1);
    const [status, plan] = [await file().run("status"), await file().run("backup", "--plan")];
    assert.match(status.stdout, /^ {2}redis: \d+\w+ ago, .*; drilled \d+\w+ ago, in \d+(\.\d)? s$/m);
    assert.match(plan.stdout, /^redis .* ok +ok, \d+\w+ ago$/m);
  });

  it("finds a backup without the service's data, also as the account of docs/drill-account.yaml", async function () {
    this.timeout(300_000);
    const { objects } = cluster().kube;
    const metadata = { name: "redis-backup", namespace: home };
    const cronJob = (await objects.read({ apiVersion: "batch/v1", kind: "CronJob", metadata })) as V1CronJob;
    const variable = cronJob.spec!.jobTemplate.spec!.template.spec!.containers[0]!.env!.find(
      ({ name }) => name === "BACKUP",
    )!;
    const right = variable.value!;
    const task = JSON.parse(right) as BackupTask;
    // An empty directory of the pod in place of the volume.
    for (const stream of task.volumes[0]!.exportRecipe.streams)
      for (const command of [stream.exec, stream.blocks ?? []]) command[command.length - 1] = "/tmp";
    variable.value = JSON.stringify(task);
    await objects.replace(cronJob);
    const proven = await note<Drilled>("drilled");
    const directory = await mkdtemp(join(tmpdir(), "drill-"));
    const account = parseAllDocuments(await readFile(join(checkout, "docs/drill-account.yaml"), "utf8"))
      .map((document) => document.toJS() as { kind: string; rules: object[] })
      .find(({ kind }) => kind === "ClusterRole")!;
    const made = await accountsKubeconfig(cluster().kube, join(directory, "kubeconfig"), account.rules);
    try {
      const { stack } = cluster().target;
      const kube = connect(undefined, join(directory, "kubeconfig"));
      const services = chooseBackups((await readDeployed(stack)).services, ["redis"]);
      const { signal } = new AbortController();
      const { results, left: kept } = await drillServices(kube, {
        stack: stackId(stack),
        services,
        all: services,
        say: () => undefined,
        signal,
      });
      const [result] = results;
      assert.deepEqual([result!.ok, kept, await noteDrill(kube, services[0]!, result!)], [false, [], undefined]);
      assert.match(
        result!.error!,
        /^point [0-9a-f]{8} of .* UTC doesn't have the record that was written before it \(it answered nothing\): /,
      );
    } finally {
      await remove(cluster().kube, made);
      await rm(directory, { recursive: true });
    }
    assert.deepEqual(await note("drilled"), proven);
    assert.match((await note<DrillFailed>("drill-failed"))!.error, /doesn't have the record/);
    assert.deepEqual(await left(), []);
  });

  it("says so where the repository can't be opened, and makes nothing", async function () {
    this.timeout(300_000);
    const { core, objects } = cluster().kube;
    const metadata = { name: "backups", namespace: home };
    const { data = {} } = await core.readNamespacedSecret(metadata);
    const password = Buffer.from("wrong").toString("base64");
    await objects.patch({ apiVersion: "v1", kind: "Secret", metadata, ...{ data: { ...data, password } } });
    const { exitCode, stdout } = await drill("redis");
    assert.equal(exitCode, 1);
    const why = `  redis: the password is not that of the repository at ${address}; nothing was written. Set the right`;
    assert.ok(stdout.includes(why), stdout);
    assert.deepEqual(await left(), []);
  });
});

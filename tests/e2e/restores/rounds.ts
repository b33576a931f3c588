import type { V1Pod } from "@kubernetes/client-node";
import { execa } from "execa";
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { waitForReadyPod } from "../../../kube/pods";
import { checkout } from "../../../ops/pulumi/project";
import { recoverStack } from "../../../ops/recover/run";
import { redis, type useBackedUp } from "../backed-up";
import { killHard } from "../kill";
import { killProcessesOf } from "../kill-pod";
import type { Kill } from "./draw";

/** Restores of Redis from one point, each of them killed; after each the service goes back to the volume of before. */
export class KilledRestores {
  /** Milliseconds of a restore that nobody kills. */
  private whole = 0;
  private point = "";

  constructor(private readonly ground: ReturnType<typeof useBackedUp>) {}

  /** Makes the point that all restores are from, a record that it hasn't, and one restore that nobody kills. */
  async begin(): Promise<void> {
    const { inRedis } = this.ground;
    await inRedis("set", "in the point", "yes");
    const made = await this.file.run("backup", "--init");
    assert.equal(made.exitCode, 0, made.printed);
    const { exitCode, printed } = await this.file.run("backup", "redis");
    assert.equal(exitCode, 0, printed);
    this.point = /: point ([0-9a-f]{8}),/.exec(printed)?.[1] ?? assert.fail(printed);
    await inRedis("set", "since the point", "yes");
    const begun = Date.now();
    const ended = await this.restore();
    this.whole = Date.now() - begun;
    assert.equal(ended.exitCode, 0, ended.all);
    await this.assertRestored();
    await this.back();
  }

  /** One restore with a kill in it, and what a person does then: npm run recover, and the same update. */
  async run({ victim, at }: Kill): Promise<void> {
    const before = await this.claimInUse();
    const running = this.restore();
    const ended = running.then(() => true);
    const late = await Promise.race([ended, delay(at * this.whole * 0.98).then(() => false)]);
    if (!late) {
      if (victim === "command") killHard(running.pid!, true);
      else for (const pod of await this.podsOf(victim)) await this.kill(pod, victim === "processes");
    }
    const { exitCode, all } = await running;
    const context = `exit code ${exitCode}: ${all}`;
    // Whatever was killed: the service has its data, on a volume that is whole.
    assert.equal(await this.ground.inRedis("get", "in the point"), "yes", context);
    if (exitCode !== 0) {
      const { stack } = this.ground.cluster().target;
      await recoverStack(stack, this.ground.cluster().target.connect, { say: () => undefined });
      await this.file.deploy();
    }
    // Killed before it wrote the stack file, the command has changed nothing.
    if ((await this.file.read()).includes("from:")) {
      await this.assertRestored(context);
      return this.back();
    }
    assert.notEqual(exitCode, 0, context);
    assert.equal(await this.claimInUse(), before, context);
    assert.equal(await this.ground.inRedis("get", "since the point"), "yes", context);
  }

  private get file() {
    return this.ground.file();
  }

  private restore() {
    const args = ["ops/run.mjs", "restore", "redis", "--at", this.point, "--yes"];
    return execa("node", args, { cwd: checkout, env: this.file.env, all: true, reject: false, input: "" });
  }

  private async assertRestored(context?: string): Promise<void> {
    const { inRedis, cluster } = this.ground;
    assert.equal(await inRedis("get", "in the point"), "yes", context);
    assert.equal(await inRedis("get", "since the point"), "", context);
    const { items } = await cluster().kube.core.listNamespacedSecret({ namespace: redis.namespace });
    assert.deepEqual(
      items.flatMap(({ metadata }) => (metadata?.name?.includes("move") ? [metadata.name] : [])),
      [],
      context,
    );
  }

  /** To the volume of before, which has to have all that it had. */
  private async back(): Promise<void> {
    const { exitCode, printed } = await this.file.run("move", "redis", "--back", "--as-it-was", "--yes");
    assert.equal(exitCode, 0, printed);
    assert.equal(await this.ground.inRedis("get", "since the point"), "yes", printed);
  }

  private async claimInUse(): Promise<string | undefined> {
    const pod = await waitForReadyPod(this.ground.cluster().kube, redis, 120_000);
    return pod.spec?.volumes?.find(({ persistentVolumeClaim: claim }) => claim)?.persistentVolumeClaim?.claimName;
  }

  private async podsOf(victim: Kill["victim"]): Promise<V1Pod[]> {
    const { core } = this.ground.cluster().kube;
    const { items } = await core.listNamespacedPod({ namespace: redis.namespace });
    const [pods, ofJob] = [/-to-\d+-(measure|copy)$/, /-to-\d+-[a-z0-9]{5}$/];
    return items.filter(
      ({ metadata: { name = "" } = {} }) =>
        (victim !== "job" && pods.test(name)) || (victim !== "pods" && ofJob.test(name)),
    );
  }

  private async kill({ metadata }: V1Pod, processes: boolean): Promise<void> {
    if (processes) return void killProcessesOf(metadata!.uid!);
    const { core } = this.ground.cluster().kube;
    const { name = "", namespace = "" } = metadata!;
    // It may have ended and gone.
    await core.deleteNamespacedPod({ name, namespace, gracePeriodSeconds: 0 }).catch(() => undefined);
  }
}

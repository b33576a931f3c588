import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { PatchStrategy, type KubernetesObject } from "@kubernetes/client-node";
import { execa } from "execa";
import { pulumi, up, withProgram } from "../../ops/pulumi/stack";
import { deploy, writeConfig } from "../../ops/start/deploy";
import { checkout } from "../../ops/pulumi/project";
import { forgetStack, progress, useCluster } from "./fixture";
import { killHard } from "./kill";
import { until } from "./state";
import { plainToken } from "./adopt-manifests";
import { adoptGround, own, redis, postgres, password, random } from "./adopt-ground";
import { takeItOver, redisAsksForLess, postgresAsksForLess, postgresIsMadeAnew } from "./adopt-texts";

describe("npm run adopt", () => {
  const cluster = useCluster();
  const { seed, kube, config, kubectl, secretOf, volumes, uidOf, recorded, adopt, clean, dataIsThere } =
    adoptGround(cluster);

  before("the seed's manifests, and data in them", async function () {
    this.timeout(240_000);
    await seed();
  });
  after(clean);

  it("is what an update asks for before it makes anything where the seed's claims are", async () => {
    const before = await volumes();
    await assert.rejects(deploy(cluster().target, config("10Gi", "100Gi"), progress), takeItOver);
    assert.deepEqual(await volumes(), before);
  });

  it("says at once everything that the config would have to say, and takes nothing", async () => {
    await writeConfig(cluster().target.stack, config("1Gi", "2Gi"));
    const { exitCode, printed } = await adopt("--yes");
    assert.equal(exitCode, 1);
    assert.match(printed, redisAsksForLess);
    assert.match(printed, postgresAsksForLess);
    assert.deepEqual(await recorded(), []);
    const claim = await kube().core.readNamespacedPersistentVolumeClaim({
      name: "redis-data",
      namespace: "local-ai-system",
    });
    assert.equal(claim.metadata?.annotations?.["cluster-storage/stack"], undefined);
  });

  it("asks before it does anything", async () => {
    await writeConfig(cluster().target.stack, config("10Gi", "100Gi"));
    const { exitCode, printed } = await adopt();
    assert.equal(exitCode, 1);
    assert.match(
      printed,
      /\bPersistentVolumeClaim +local-ai-system\/redis-data +Bound, 10Gi, local-path +taken over as it is$/m,
    );
    assert.match(printed, postgresIsMadeAnew);
    assert.match(printed, /^nothing was taken over: there is no terminal to confirm on; pass --yes$/m);
    assert.deepEqual(await recorded(), []);
  });

  it(
    "takes the seed's claims over, and the next update runs the services on the same volumes with the same " +
      "password",
    async function () {
      this.timeout(600_000);
      const [before, deployment] = [await volumes(), await uidOf(redis)];
      const { exitCode, printed } = await adopt("--yes");
      assert.equal(exitCode, 0, printed);
      assert.match(printed, /\bpostgres-password \(Secret db-secrets\)/);
      assert.equal(await uidOf(postgres), undefined);
      const { stack } = cluster().target;
      const next = await pulumi(stack, ["preview", "--diff", ...withProgram(stack)], { cwd: checkout });
      assert.match(next, /deployment.*redis|redis.*Deployment/i);
      // In the state, its copies and its history.
      const kept = await execa("grep", ["-rc", plainToken, stack.backend!], { reject: false });
      assert.deepEqual([next.includes(plainToken), kept.exitCode], [false, 1], kept.stdout);
      const counts = await up(stack, () => undefined);
      assert.deepEqual(
        Object.keys(counts).filter((what) => !["created", "updated", "unchanged"].includes(what)),
        [],
      );
      assert.deepEqual(await volumes(), before);
      assert.equal(await uidOf(redis), deployment);
      assert.equal(await secretOf("postgres", "local-ai-data"), password);
      await dataIsThere();
      const { spec } = await kube().apps.readNamespacedDeployment({ name: "redis", namespace: "local-ai-system" });
      assert.deepEqual(
        spec?.template.spec?.containers.map(({ name }) => name),
        ["redis"],
      );
      const preview = await pulumi(stack, ["preview", "--expect-no-changes", ...withProgram(stack)], { cwd: checkout });
      assert.match(preview, /\d+ unchanged/);
    },
  );

  it("finds nothing more to take over", async () => {
    const { exitCode, printed } = await adopt("--yes");
    assert.deepEqual(
      [exitCode, printed.trim().split("\n").pop()],
      [0, "everything that the cluster has of this stack is in its state, so there is nothing to take over"],
    );
  });

  it(
    "takes back what destroy retained, killed in between: the same volumes, and the passwords that " + "fit them",
    async function () {
      this.timeout(600_000);
      const { stack } = cluster().target;
      const passwords = async () => [
        await secretOf("redis", "local-ai-system"),
        await secretOf("postgres", "local-ai-data"),
      ];
      const before = [await volumes(), await passwords()];
      await pulumi(stack, ["state", "unprotect", "--all", "--yes", "--stack", stack.name]);
      await pulumi(stack, ["destroy", "--yes", "--skip-preview", ...withProgram(stack)], { cwd: checkout });
      assert.deepEqual(await recorded(), []);
      const killed = execa("node", ["ops/run.mjs", "adopt", "--yes"], {
        cwd: checkout,
        env: own,
        detached: true,
        reject: false,
        all: true,
      });
      await delay(5_000 + random() * 15_000);
      killHard(killed.pid!, true);
      await killed;
      const { exitCode, printed } = await adopt("--yes");
      assert.equal(exitCode, 0, printed);
      await deploy(cluster().target, config("10Gi", "100Gi"), progress);
      assert.deepEqual([await volumes(), await passwords()], before);
      await dataIsThere();
    },
  );

  it("makes a lost claim again on the volume that it left", async function () {
    this.timeout(600_000);
    const claim = { name: "redis-data", namespace: "local-ai-system" };
    const volume = (await kube().core.readNamespacedPersistentVolumeClaim(claim)).spec!.volumeName!;
    const keep = {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: volume },
      spec: { persistentVolumeReclaimPolicy: "Retain" },
    } as KubernetesObject;
    await kube().objects.patch(keep, undefined, undefined, undefined, undefined, PatchStrategy.MergePatch);
    await kubectl(["-n", "local-ai-system", "delete", "deployment/redis", "pvc/redis-data", "--cascade=foreground"]);
    await until(
      "the volume is released",
      async () => (await kube().core.readPersistentVolume({ name: volume })).status?.phase === "Released",
    );
    const { exitCode, printed } = await adopt("--yes");
    assert.equal(exitCode, 0, printed);
    assert.match(
      printed,
      new RegExp(
        "PersistentVolumeClaim +local-ai-system/redis-data +Released volume, 10Gi +claim made again on its " +
          `volume ${volume}$`,
        "m",
      ),
    );
    await deploy(cluster().target, config("10Gi", "100Gi"), progress);
    assert.equal((await kube().core.readNamespacedPersistentVolumeClaim(claim)).spec?.volumeName, volume);
    await dataIsThere();
  });

  it("never takes what belongs to another stack", async function () {
    this.timeout(300_000);
    const { stack } = cluster().target;
    await pulumi(stack, ["state", "unprotect", "--all", "--yes", "--stack", stack.name]);
    await pulumi(stack, ["destroy", "--yes", "--skip-preview", ...withProgram(stack)], { cwd: checkout });
    await kubectl([
      "-n",
      "local-ai-system",
      "annotate",
      "--overwrite",
      "pvc/redis-data",
      "cluster-storage/stack=cluster-storage/other",
    ]);
    const { exitCode, printed } = await adopt("--yes");
    assert.equal(exitCode, 1);
    assert.match(
      printed,
      new RegExp(
        String.raw`^- PersistentVolumeClaim local-ai-system\/redis-data: it belongs to the stack ` +
          String.raw`cluster-storage\/other; give this stack's service another namespace or claim; if ` +
          String.raw`cluster-storage\/other was this stack's name: npm run recover -- --renamed-from other --stack ` +
          String.raw`dev$`,
        "m",
      ),
    );
    assert.deepEqual(await recorded(), []);
    await kubectl([
      "-n",
      "local-ai-system",
      "annotate",
      "--overwrite",
      "pvc/redis-data",
      "cluster-storage/stack=cluster-storage/dev",
    ]);
    forgetStack();
  });
});

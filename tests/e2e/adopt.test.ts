import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { PatchStrategy, type KubernetesObject } from "@kubernetes/client-node";
import { execa } from "execa";
import { instanceDir } from "../../local-cluster/paths";
import { silentProgress } from "../../local-cluster/progress";
import { ensureTools } from "../../local-cluster/tools";
import { ifFound } from "../../kube/client";
import { execInPod } from "../../kube/exec";
import { waitForReadyPod, type WorkloadRef } from "../../kube/pods";
import type { Overrides } from "../../ops/pulumi/overrides";
import { exportState, pulumi, up, withProgram } from "../../ops/pulumi/stack";
import { deploy, writeConfig } from "../../ops/start/deploy";
import { checkout } from "../../ops/pulumi/project";
import { postgresManifests, provisionerManifests, redisManifests, type SeedImages } from "./adopt-manifests";
import { ops } from "./cli";
import { forgetStack, instance, progress, useCluster } from "./fixture";
import { killHard, seededRandom } from "./kill";
import { removeStack, until } from "./state";

const own = { CLUSTER_STORAGE_INSTANCE: instance };
const redis: WorkloadRef = { namespace: "local-ai-system", kind: "Deployment", workload: "redis" };
const postgres: WorkloadRef = { namespace: "local-ai-data", kind: "StatefulSet", workload: "postgres" };
const password = `seed-${randomBytes(6).toString("hex")}`;
const random = seededRandom(Number(process.env.TEST_SEED ?? Date.now() % 1_000_000));

describe("npm run adopt", () => {
  const cluster = useCluster();
  const kube = () => cluster().kube;
  let images: SeedImages;

  /** Only the two services that the seed's cluster has here, with these sizes. */
  const config = (redisSize: string, postgresSize: string): Overrides => {
    const services = cluster().overrides["cluster-storage:services"] as Record<string, object>;
    const none = Object.fromEntries(
      ["flowise", "n8n", "neo4j", "qdrant", "searxng", "taskflow", "taskflow-db"].map((name) => [name, undefined]),
    );
    return {
      ...cluster().overrides,
      "cluster-storage:services": {
        ...none,
        redis: { ...services.redis, size: redisSize },
        postgres: { ...services.postgres, size: postgresSize },
      },
    };
  };
  const kubectl = async (args: string[], input?: object) => {
    const { bin } = await ensureTools(silentProgress);
    const { stdout } = await execa(
      join(bin, "kubectl"),
      ["--kubeconfig", join(instanceDir(instance), "kubeconfig"), ...args],
      { input: input && JSON.stringify(input) },
    );
    return stdout;
  };
  const inPod = async (ref: WorkloadRef, container: string, command: string[]) => {
    const pod = await waitForReadyPod(kube(), ref, 180_000);
    const { stdout, stderr } = await execInPod(kube(), ref.namespace, pod.metadata!.name!, container, command);
    return (stdout + stderr).trim();
  };
  /** Over the network, where the password counts and the server of the first start isn't. */
  const sql = (secret: string, statement: string) =>
    inPod(postgres, "postgres", [
      "env",
      `PGPASSWORD=${secret}`,
      "psql",
      "-h",
      "127.0.0.1",
      "-U",
      "postgres",
      "-Atc",
      statement,
    ]);
  const secretOf = async (name: string, namespace: string) =>
    Buffer.from((await kube().core.readNamespacedSecret({ name, namespace })).data!.password!, "base64").toString();
  const volumes = async () => {
    const claims = await Promise.all(
      [
        ["redis-data", "local-ai-system"],
        ["postgres-data", "local-ai-data"],
      ].map(([name, namespace]) =>
        kube().core.readNamespacedPersistentVolumeClaim({ name: name!, namespace: namespace! }),
      ),
    );
    return claims.map(({ metadata, spec }) => `${metadata?.uid} ${spec?.volumeName}`);
  };
  const uidOf = async (ref: WorkloadRef) =>
    (
      await ifFound(
        kube().objects.read({
          apiVersion: "apps/v1",
          kind: ref.kind,
          metadata: { name: ref.workload, namespace: ref.namespace },
        }),
      )
    )?.metadata?.uid;
  const recorded = async () =>
    ((await exportState(cluster().target.stack)).deployment.resources ?? [])
      .filter(({ type }) => /^(kubernetes|random):/.test(type))
      .map(({ urn }) => urn);
  const adopt = (...args: string[]) => ops(["adopt", ...args], own);
  /** Also of what was never taken over, and bears no mark. */
  async function clean(): Promise<void> {
    const objects = [
      "namespace/local-ai-system",
      "namespace/local-ai-data",
      "namespace/local-path-storage",
      "storageclass/local-path",
      "clusterrole/local-path-provisioner-role",
      "clusterrolebinding/local-path-provisioner-bind",
    ];
    await kubectl(["delete", ...objects, "--ignore-not-found", "--wait=false"]);
    await removeStack(cluster());
    await kubectl(["wait", "--for=delete", ...objects.slice(0, 3), "--timeout=120s"]);
  }
  const dataIsThere = async () => {
    assert.equal(await inPod(redis, "redis", ["redis-cli", "get", "kept"]), "since-the-seed");
    assert.equal(await sql(await secretOf("postgres", "local-ai-data"), "select text from kept"), "since-the-seed");
  };

  before("the seed's manifests, and data in them", async function () {
    this.timeout(240_000);
    await clean();
    const { overrides, volumes: path } = cluster();
    const services = overrides["cluster-storage:services"] as Record<string, { image: { ref: string } }>;
    const provisioner = (
      overrides["cluster-storage:backends"] as Record<string, { image: string; helperImage: string }>
    )["local-path"]!;
    images = {
      provisioner: provisioner.image,
      helper: provisioner.helperImage,
      redis: services.redis!.image.ref,
      postgres: services.postgres!.image.ref,
    };
    const items = [
      ...provisionerManifests(images, path),
      ...redisManifests(images),
      ...postgresManifests(images, password),
    ];
    await kubectl(["apply", "-f", "-"], { apiVersion: "v1", kind: "List", items });
    assert.equal(await inPod(redis, "server", ["redis-cli", "set", "kept", "since-the-seed"]), "OK");
    await inPod(redis, "server", ["redis-cli", "save"]);
    await until(
      "the first server is up",
      async () => (await sql(password, "create table if not exists kept (text text)")) === "CREATE TABLE",
    );
    assert.equal(await sql(password, "insert into kept values ('since-the-seed')"), "INSERT 0 1");
  });
  after(clean);

  it("is what an update asks for before it makes anything where the seed's claims are", async () => {
    const before = await volumes();
    await assert.rejects(
      deploy(cluster().target, config("10Gi", "100Gi"), progress),
      new RegExp(
        String.raw`services\.redis: claim redis-data is in namespace local-ai-system already and belongs ` +
          String.raw`to no stack; take it over with npm run adopt`,
      ),
    );
    assert.deepEqual(await volumes(), before);
  });

  it("says at once everything that the config would have to say, and takes nothing", async () => {
    await writeConfig(cluster().target.stack, config("1Gi", "2Gi"));
    const { exitCode, printed } = await adopt("--yes");
    assert.equal(exitCode, 1);
    assert.match(
      printed,
      new RegExp(
        String.raw`^- PersistentVolumeClaim local-ai-system\/redis-data: it asks for 10Gi, the config ` +
          String.raw`says 1Gi; say services\.redis\.size: 10Gi; it can be changed once it is the stack's$`,
        "m",
      ),
    );
    assert.match(
      printed,
      new RegExp(
        String.raw`^- PersistentVolumeClaim local-ai-data\/postgres-data: it asks for 100Gi, the config ` +
          String.raw`says 2Gi; say services\.postgres\.size: 100Gi; it can be changed once it is the ` +
          String.raw`stack's$`,
        "m",
      ),
    );
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
    assert.match(
      printed,
      new RegExp(
        String.raw`\bStatefulSet +local-ai-data\/postgres +1 of 1 pods ready +deleted and made anew by ` +
          String.raw`the next update, because its selector is another; its pods stop, its claims stay$`,
        "m",
      ),
    );
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
          String.raw`cluster-storage\/other; give this stack's service another namespace or claim$`,
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

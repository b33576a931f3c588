import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubernetesObject } from "@kubernetes/client-node";
import { errorCode } from "../../kube/client";
import { execInPod } from "../../kube/exec";
import { waitForReadyPod, type WorkloadRef } from "../../kube/pods";
import { readStackConfig } from "../../ops/pulumi/project";
import { writeConfig } from "../../ops/start/deploy";
import { provisionerManifests, redisManifests } from "./adopt-manifests";
import { ops } from "./cli";
import { forgetStack, instance, useCluster } from "./fixture";
import { removeStack, until } from "./state";

const namespace = "local-ai-system";
const redis: WorkloadRef = { namespace, kind: "Deployment", workload: "redis" };

/** docs/moving.md, "The first migration: from emptyDir to claims", command by command. */
describe("the first migration, as its page says it", () => {
  const cluster = useCluster();
  let stacks: string;
  const own = () => ({ CLUSTER_STORAGE_INSTANCE: instance, CLUSTER_STORAGE_STACKS: stacks });
  const file = () => join(stacks, "Pulumi.dev.yaml");
  const entry = async () => /^ +redis: .*$/m.exec(await readFile(file(), "utf8"))?.[0].trim();

  /** By hand: Redis with an emptyDir, whose names for container and volume are its own. */
  const manifests = (): KubernetesObject[] => {
    const { overrides, volumes } = cluster();
    const services = overrides["cluster-storage:services"] as Record<string, { image: { ref: string } }>;
    const { image, helperImage } = (
      overrides["cluster-storage:backends"] as Record<string, { image: string; helperImage: string }>
    )["local-path"]!;
    const images = { provisioner: image, helper: helperImage, redis: services.redis!.image.ref, postgres: "" };
    const ofRedis = redisManifests(images).filter(({ kind }) => kind !== "PersistentVolumeClaim");
    const text = JSON.stringify(ofRedis).replace(
      '"persistentVolumeClaim":{"claimName":"redis-data"}',
      '"emptyDir":{"sizeLimit":"10Gi"}',
    );
    assert.match(text, /emptyDir/);
    return [...provisionerManifests(images, volumes), ...(JSON.parse(text) as KubernetesObject[])];
  };
  async function clean(): Promise<void> {
    const whole = manifests().filter(({ kind, metadata }) => kind === "Namespace" || !metadata?.namespace);
    const gone = (object: KubernetesObject) =>
      cluster()
        .kube.objects.read(object as never)
        .then(
          () => false,
          (error) => errorCode(error) === 404,
        );
    await Promise.all(
      whole.map((object) =>
        cluster()
          .kube.objects.delete(object)
          .catch(() => undefined),
      ),
    );
    await removeStack(cluster());
    await until("the namespaces are gone", async () => (await Promise.all(whole.map(gone))).every(Boolean));
  }
  const run = async (...args: string[]) => {
    const { exitCode, printed } = await ops(args, own());
    assert.equal(exitCode, 0, printed);
    return printed;
  };
  const pod = () => waitForReadyPod(cluster().kube, redis, 180_000);
  const command = async (container: string, ...args: string[]) => {
    const { stdout, stderr } = await execInPod(cluster().kube, namespace, (await pod()).metadata!.name!, container, [
      "redis-cli",
      ...args,
    ]);
    return (stdout + stderr).trim();
  };
  const usedVolume = async () =>
    (await pod())
      .spec!.volumes!.flatMap(({ name, persistentVolumeClaim }) =>
        name === "redis-data" ? (persistentVolumeClaim?.claimName ?? "emptyDir") : [],
      )
      .join();

  before("services deployed by hand with emptyDir, and the stack's file of step 1", async function () {
    this.timeout(240_000);
    await clean();
    for (const object of manifests()) await cluster().kube.objects.create(object);
    assert.equal(await command("server", "set", "kept", "since-the-seed"), "OK");
    stacks = await mkdtemp(join(tmpdir(), "stacks-"));
    const committed = await readStackConfig("dev");
    const pods = committed.replace(
      "cluster-storage:backends:\n",
      "cluster-storage:backends:\n    pod: { type: ephemeral, allowDataLoss: until it is moved }\n",
    );
    await writeFile(
      file(),
      pods.replace(/(cluster-storage:services:\n)[^]*$/, "$1    redis: { size: 10Gi, backend: pod }\n"),
    );
    // A stack of one's own reads that file alone; the local cluster's also has what is different on it.
    process.env.CLUSTER_STORAGE_STACKS = stacks;
    const { overrides, target } = cluster();
    const services = overrides["cluster-storage:services"] as Record<string, object>;
    await writeConfig(target.stack, { ...overrides, "cluster-storage:services": { redis: services.redis } });
  });
  after(async function () {
    this.timeout(240_000);
    delete process.env.CLUSTER_STORAGE_STACKS;
    await clean();
    await rm(stacks, { recursive: true, force: true });
    forgetStack();
  });

  it("takes the services over with their pods as they are (step 2)", async () => {
    const before = (await pod()).metadata!.uid;
    await run("adopt", "--yes");
    assert.equal((await pod()).metadata!.uid, before);
    assert.equal(await command("server", "get", "kept"), "since-the-seed");
  });

  it("brings the data onto a claim, and a record outlives the pod there (steps 3 and 4)", async function () {
    this.timeout(300_000);
    const printed = await run("move", "redis", "--to", "local-path", "--yes");
    assert.match(printed, /\] copied and checked .* in \d+ files?, /);
    assert.equal(await usedVolume(), "redis-data-2");
    assert.deepEqual(
      (await pod()).spec!.volumes!.map(({ name }) => name),
      ["redis-data", "scratch-0"],
    );
    assert.equal(await command("redis", "get", "kept"), "since-the-seed");
    assert.match(await run("verify", "redis"), /^✓ redis +[\d.]+ s {2}wrote /m);
    assert.equal(await command("redis", "get", "kept"), "since-the-seed");
  });

  it("gives up the line of what went with the pod (step 5)", async () => {
    await run("release", "redis", "--yes");
    assert.equal(await entry(), "redis: { size: 10Gi, backend: local-path, generation: 2 }");
  });

  it("goes back to emptyDir with the data along, and the claim is kept", async function () {
    this.timeout(300_000);
    await run("move", "redis", "--to", "pod", "--yes");
    assert.equal(await usedVolume(), "emptyDir");
    assert.equal(await command("redis", "get", "kept"), "since-the-seed");
    const claim = await cluster().kube.core.readNamespacedPersistentVolumeClaim({ name: "redis-data-2", namespace });
    assert.equal(claim.status?.phase, "Bound");
  });

  it("and from there with --back to the claim that was kept, with what was written since", async function () {
    this.timeout(300_000);
    assert.equal(await command("redis", "set", "since", "in-the-pod"), "OK");
    await run("move", "redis", "--back", "--yes");
    assert.equal(await usedVolume(), "redis-data-2");
    assert.deepEqual(
      [await command("redis", "get", "kept"), await command("redis", "get", "since")],
      ["since-the-seed", "in-the-pod"],
    );
  });
});

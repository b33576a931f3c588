import { postgresManifests, provisionerManifests, redisManifests, type SeedImages } from "./adopt-manifests";
import { until, removeStack } from "./state";
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { execa } from "execa";
import { instanceDir } from "../../local-cluster/paths";
import { silentProgress } from "../../local-cluster/progress";
import { ensureTools } from "../../local-cluster/tools";
import { ifFound } from "../../kube/client";
import { execInPod } from "../../kube/exec";
import { waitForReadyPod, type WorkloadRef } from "../../kube/pods";
import type { Overrides } from "../../ops/pulumi/overrides";
import { exportState } from "../../ops/pulumi/stack";
import { ops } from "./cli";
import { instance, useCluster } from "./fixture";
import { seededRandom } from "./kill";

export const own = { CLUSTER_STORAGE_INSTANCE: instance };

export const redis: WorkloadRef = { namespace: "local-ai-system", kind: "Deployment", workload: "redis" };

export const postgres: WorkloadRef = { namespace: "local-ai-data", kind: "StatefulSet", workload: "postgres" };

export const password = `seed-${randomBytes(6).toString("hex")}`;

export const random = seededRandom(Number(process.env.TEST_SEED ?? Date.now() % 1_000_000));

/** What the tests do over and over to the cluster that they have. */
export function adoptGround(cluster: ReturnType<typeof useCluster>) {
  const kube = () => cluster().kube;
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
  /** The seed's manifests, and data in them. */
  async function seed(): Promise<SeedImages> {
    await clean();
    const { overrides, volumes: path } = cluster();
    const services = overrides["cluster-storage:services"] as Record<string, { image: { ref: string } }>;
    const provisioner = (
      overrides["cluster-storage:backends"] as Record<string, { image: string; helperImage: string }>
    )["local-path"]!;
    const images: SeedImages = {
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
    return images;
  }
  return { seed, kube, config, kubectl, inPod, sql, secretOf, volumes, uidOf, recorded, adopt, clean, dataIsThere };
}

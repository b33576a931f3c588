import assert from "node:assert/strict";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { deletePod, waitForReadyPod } from "../../kube/pods";
import { readOutputs } from "../../ops/pulumi/stack";
import { useCluster, type Cluster } from "./fixture";
import { idOf } from "./objects";
import { otherStack, pulumiOn, type OtherConfig } from "./other-stack";
import { readRecords, removeStack, writeRecords } from "./state";

const standard = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: "standard", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
};
const isDefault = "storageclass.kubernetes.io/is-default-class";
const madeBy = (cluster: Cluster) => join(dirname(cluster.volumes), "static", "searxng");

/** Each kind of backend that needs no network, with a service on it. */
function config({ volumes }: Cluster, node: string, directory: string): OtherConfig {
  return {
    backends: {
      "local-path": { type: "local-path", path: volumes, default: true },
      fast: { type: "local-path", path: join(volumes, "fast") },
      there: { type: "existing", class: "standard", accessModes: ["ReadWriteOnce"], defaultFlag: "patch" },
      made: { type: "static", volumes: { "searxng-data": { node, path: directory, size: "2Gi" } } },
      scratch: { type: "ephemeral", allowDataLoss: "a test" },
    },
    services: {
      postgres: { size: "1Gi", backend: "local-path" },
      qdrant: { size: "1Gi", backend: "fast" },
      neo4j: { size: "1Gi", backend: "there" },
      searxng: { size: "2Gi", backend: "made" },
      redis: { size: "64Mi", backend: "scratch" },
    },
  };
}

/** What each class says of being the default. */
async function defaultFlags({ kube }: Cluster): Promise<Record<string, string | undefined>> {
  const { items } = await kube.objects.list("storage.k8s.io/v1", "StorageClass");
  return Object.fromEntries(items.map(({ metadata }) => [metadata?.name, metadata?.annotations?.[isDefault]]));
}

describe("several backends in one stack", () => {
  const cluster = useCluster();
  const stack = () => otherStack(cluster(), "backends");
  let wanted: OtherConfig;

  const clear = async () => {
    await removeStack(cluster());
    await cluster()
      .kube.objects.delete(standard)
      .catch(() => undefined);
    await rm(dirname(madeBy(cluster())), { recursive: true, force: true });
  };

  before("a cluster with a class of somebody else's and a directory that somebody made", async function () {
    this.timeout(300_000);
    await clear();
    await mkdir(madeBy(cluster()), { recursive: true });
    // Of the second backend's provisioner, so that volumes are really made.
    await cluster().kube.objects.create({
      ...standard,
      provisioner: "rancher.io/fast",
      volumeBindingMode: "WaitForFirstConsumer",
      allowVolumeExpansion: false,
    } as never);
    const [node] = (await cluster().kube.core.listNode()).items;
    wanted = config(cluster(), node!.metadata!.name!, madeBy(cluster()));
  });

  after("nothing of it", async function () {
    this.timeout(300_000);
    // Without a cluster there is nothing to clear, and its own failure is the one to read.
    if (cluster()) await clear();
  });

  it("comes up in one update, and changes nothing in the next", async () => {
    const up = await pulumiOn(cluster(), stack(), wanted, ["up", "--yes", "--skip-preview"]);
    assert.equal(up.exitCode, 0, up.printed);
    const again = await pulumiOn(cluster(), stack(), wanted, ["preview", "--expect-no-changes"]);
    assert.equal(again.exitCode, 0, again.printed);
  });

  it("puts each volume where its backend keeps them", async () => {
    const { volumes, kube } = cluster();
    const found = (await kube.core.listPersistentVolume()).items.map(({ spec }) => {
      const [kind, path] = spec?.local ? ["local", spec.local.path] : ["hostPath", spec?.hostPath?.path ?? ""];
      return [
        `${spec?.claimRef?.namespace}/${spec?.claimRef?.name}`,
        `${spec?.storageClassName || "no class"}: ${kind} ${dirname(path)}`,
      ];
    });
    assert.deepEqual(Object.fromEntries(found), {
      "local-ai-data/postgres-data": `local-path: local ${volumes}`,
      "local-ai-data/qdrant-data": `fast: local ${join(volumes, "fast")}`,
      // The class of somebody else's doesn't ask for the type local.
      "local-ai-data/neo4j-data": `standard: hostPath ${join(volumes, "fast")}`,
      "local-ai-search/searxng-data": `no class: local ${dirname(madeBy(cluster()))}`,
    });
  });

  it("binds a claim to the volume that was made for it, and to no other", async () => {
    const claim = await cluster().kube.core.readNamespacedPersistentVolumeClaim({
      name: "searxng-data",
      namespace: "local-ai-search",
    });
    assert.deepEqual(
      [claim.status?.phase, claim.spec?.storageClassName, claim.spec?.volumeName],
      ["Bound", "", "local-ai-search-searxng-data"],
    );
    const volume = await cluster().kube.core.readPersistentVolume({ name: "local-ai-search-searxng-data" });
    assert.deepEqual(
      [volume.spec?.persistentVolumeReclaimPolicy, volume.spec?.claimRef?.uid],
      ["Retain", claim.metadata?.uid],
    );
  });

  it("makes no claim for what is ephemeral, and limits its size", async () => {
    const claims = (await cluster().kube.core.listPersistentVolumeClaimForAllNamespaces()).items.map(idOf);
    assert.ok(!claims.includes("local-ai-system/redis-data"), claims.join(", "));
    const { items } = await cluster().kube.core.listNamespacedPod({ namespace: "local-ai-system" });
    assert.equal(items[0]?.spec?.volumes?.find(({ name }) => name === "redis-data")?.emptyDir?.sizeLimit, "64Mi");
  });

  it("leaves one default class: the other's flag is off, as the config says", async () => {
    assert.deepEqual(await defaultFlags(cluster()), { "local-path": "true", fast: "false", standard: "false" });
  });

  it("keeps what services stored when their pods go, but for the ephemeral one", async function () {
    this.timeout(600_000);
    const { kube } = cluster();
    const there: Cluster = { ...cluster(), target: { ...cluster().target, stack: stack() } };
    const record = { key: "backends", value: "kept" };
    await writeRecords(there, record);
    for (const service of Object.values((await readOutputs(stack())).services)) {
      const pod = await waitForReadyPod(kube, service, 60_000);
      await deletePod(kube, pod);
      await waitForReadyPod(kube, service, 180_000, pod.metadata?.uid);
    }
    const { redis, ...others } = await readRecords(there, record);
    assert.deepEqual(others, { postgres: "kept", qdrant: "kept", neo4j: "kept", searxng: "kept" });
    assert.notEqual(redis, "kept");
  });

  it("switches the default to the class that was there, by a patch", async () => {
    const { backends } = wanted;
    const changed = {
      ...wanted,
      backends: {
        ...backends,
        "local-path": { ...backends["local-path"], default: false },
        there: { ...backends.there, default: true },
      },
    };
    const { exitCode, printed } = await pulumiOn(cluster(), stack(), changed, ["up", "--yes", "--skip-preview"]);
    assert.equal(exitCode, 0, printed);
    assert.deepEqual(await defaultFlags(cluster()), { "local-path": "false", fast: "false", standard: "true" });
  });
});

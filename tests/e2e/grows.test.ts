import assert from "node:assert/strict";
import { PatchStrategy, type KubernetesObject, type V1PersistentVolumeClaim } from "@kubernetes/client-node";
import { waitForReadyPod } from "../../kube/pods";
import { stackError } from "./cli";
import { useCluster } from "./fixture";
import { Ground } from "./moves/ground";
import { subjects } from "./moves/subjects";
import { longestGap, Writer } from "./moves/writer";
import { removeStack } from "./state";

const className = "growing";
/** A Deployment's claim, and one that a StatefulSet's controller named. */
const grown = subjects.filter(({ name }) => name !== "postgres");

/**
 * The provisioner here makes directories, which have no size: the API server takes the growth where the class allows
 * it,
 * and what a driver's resizer does then is done here by its two patches.
 */
describe("a volume that grows in place", () => {
  const cluster = useCluster();
  let ground: Ground;
  let writers: Writer[];

  const storageClass = {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: className },
    provisioner: "rancher.io/local-path",
    volumeBindingMode: "WaitForFirstConsumer",
    reclaimPolicy: "Delete",
    allowVolumeExpansion: true,
  };
  const update = async (size: string) => {
    for (const { name } of grown)
      ground.lines.set(name, { current: { generation: 1, backend: className, size }, kept: [] });
    await ground.write();
    await ground.succeed();
  };
  const claims = (): Promise<V1PersistentVolumeClaim[]> =>
    Promise.all(
      grown.map(({ ref, claim }) =>
        cluster().kube.core.readNamespacedPersistentVolumeClaim({ namespace: ref.namespace, name: claim(1) }),
      ),
    );
  const sizes = async () =>
    (await claims()).map(({ spec, status }) => [spec?.resources?.requests?.storage, status?.capacity?.storage]);
  const pods = () =>
    Promise.all(grown.map(async ({ ref }) => (await waitForReadyPod(cluster().kube, ref, 180_000)).metadata!.uid));
  const merge = (object: object) =>
    cluster().kube.objects.patch(
      object as KubernetesObject,
      undefined,
      undefined,
      undefined,
      undefined,
      PatchStrategy.MergePatch,
    );

  before("services on a class that lets its volumes grow, under writers", async function () {
    this.timeout(300_000);
    await removeStack(cluster());
    await cluster().kube.objects.create(storageClass);
    ground = new Ground(cluster(), []);
    ground.backends[className] = { type: "existing", class: className, accessModes: ["ReadWriteOnce"] };
    await update("1Gi");
    writers = grown.map((subject) => new Writer(cluster(), subject));
    for (const writer of writers) await writer.start();
  });
  after(async function () {
    this.timeout(300_000);
    for (const writer of writers ?? []) await writer.stop();
    await removeStack(cluster());
    await cluster()
      .kube.objects.delete({ ...storageClass })
      .catch(() => undefined);
  });

  it("keeps its pod, a claim template's too, and the service works on", async () => {
    const [before, started] = [await pods(), Date.now()];
    await update("2Gi");
    assert.deepEqual(await sizes(), [
      ["2Gi", "1Gi"],
      ["2Gi", "1Gi"],
    ]);
    for (const { spec } of await claims())
      await merge({
        apiVersion: "v1",
        kind: "PersistentVolume",
        metadata: { name: spec!.volumeName },
        spec: { capacity: { storage: "2Gi" } },
      });
    for (const { metadata } of await claims())
      await cluster().kube.core.patchNamespacedPersistentVolumeClaimStatus({
        name: metadata!.name!,
        namespace: metadata!.namespace!,
        body: [{ op: "replace", path: "/status/capacity/storage", value: "2Gi" }],
      });
    assert.deepEqual(await sizes(), [
      ["2Gi", "2Gi"],
      ["2Gi", "2Gi"],
    ]);
    assert.deepEqual(await pods(), before);
    const next = await cluster().kube.core.readNamespacedConfigMap({
      namespace: "taskflow",
      name: "taskflow-db-sizes",
    });
    assert.deepEqual(next.data, { POSTGRES_MAX_WAL_SIZE: "512MB" });
    for (const writer of writers) {
      await writer.acknowledgedAfter(Date.now());
      assert.deepEqual(await writer.lost(), []);
      assert.ok(longestGap(await writer.acknowledged(), started) < 5_000);
    }
  });

  it("has nothing left to do afterwards", async () => {
    const before = await pods();
    await update("2Gi");
    assert.deepEqual(await pods(), before);
  });

  it("is told of where somebody grew it with kubectl, and takes every larger size then", async () => {
    for (const { metadata } of await claims())
      await cluster().kube.objects.patch(
        {
          apiVersion: "v1",
          kind: "PersistentVolumeClaim",
          metadata: { name: metadata!.name!, namespace: metadata!.namespace },
          ...{ spec: { resources: { requests: { storage: "3Gi" } } } },
        },
        undefined,
        undefined,
        "kubectl-edit",
        undefined,
        PatchStrategy.MergePatch,
      );
    const { exitCode, all } = await ground.up();
    assert.notEqual(exitCode, 0);
    const said = (service: string, claim: string) =>
      `  cluster-storage:services.${service}.size: claim ${claim} asks for 3Gi and has 2Gi of it; Kubernetes lets it ` +
      "ask for less again, but for more than it has: set a size above 2Gi, for instance 3Gi";
    assert.deepEqual(
      stackError(all).split("\n").slice(1),
      grown.map(({ name, claim }) => said(name, claim(1))),
    );
    await update("4Gi");
    assert.deepEqual(await sizes(), [
      ["4Gi", "2Gi"],
      ["4Gi", "2Gi"],
    ]);
  });

  it("takes a mistyped size back that it could not have yet", async () => {
    await update("500Ti");
    await update("20Gi");
    assert.deepEqual(await sizes(), [
      ["20Gi", "2Gi"],
      ["20Gi", "2Gi"],
    ]);
  });
});

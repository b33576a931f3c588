import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { restartComponent } from "../../local-cluster/instance/instance";
import { instanceDir } from "../../local-cluster/paths";
import { errorCode } from "../../kube/client";
import { isReady } from "../../kube/pods";
import { prepareLocal } from "../../ops/start/local";
import { ops } from "./cli";
import { instance, progress, useDeployedStack } from "./fixture";
import { fingerprint } from "./objects";
import { until, writeRecords } from "./state";
import { survivalGround, record, namespace } from "./survive-ground";

describe("what a cluster goes through", () => {
  const cluster = useDeployedStack();
  const { kube, intact, volumesByClaim, allReady, makeCounter, readPod, counted, removeCounters } =
    survivalGround(cluster);

  before("a record in every service, and a namespace for more pods", async function () {
    this.timeout(300_000);
    await writeRecords(cluster(), record);
    await kube().core.createNamespace({ body: { metadata: { name: namespace } } });
    await until("its service account is there", () =>
      kube()
        .core.readNamespacedServiceAccount({ name: "default", namespace })
        .then(
          () => true,
          () => false,
        ),
    );
  });
  after(() =>
    kube()
      .core.deleteNamespace({ name: namespace })
      .catch(() => undefined),
  );

  it("npm stop and npm start again: same claims on the same volumes, every record there", async () => {
    const before = await volumesByClaim();
    const stopped = await ops(["stop"], { CLUSTER_STORAGE_INSTANCE: instance });
    assert.equal(stopped.exitCode, 0, stopped.printed);
    assert.match(stopped.printed, /its data is kept: npm start brings it back, npm stop -- --delete removes it$/);
    const status = await ops(["status"], { CLUSTER_STORAGE_INSTANCE: instance });
    assert.deepEqual(
      [status.exitCode, status.printed],
      [1, "the local cluster is stopped: run npm start, or name another cluster with --context NAME or --stack NAME"],
    );
    await prepareLocal(progress, instance, false);
    await allReady();
    assert.deepEqual(await volumesByClaim(), before);
    await intact();
  });

  it("the kubelet restarted while a pod writes: the pod isn't, and no number is missing", async () => {
    await makeCounter("writer");
    await until(
      "the pod counts",
      async () => isReady(await readPod("writer")) && (await counted("writer")).length > 10,
    );
    const was = (await counted("writer")).length;
    await restartComponent(instance, "kubelet");
    await until("it counts on", async () => (await counted("writer")).length > was + 20);
    const pod = await until(
      "the kubelet says Ready",
      async () => (await readPod("writer")).status?.conditions && isReady(await readPod("writer")) && readPod("writer"),
    );
    assert.equal(pod.status?.containerStatuses?.[0]?.restartCount, 0);
    const numbers = await counted("writer");
    assert.deepEqual(
      numbers,
      numbers.map((_, i) => i + 1),
    );
    await removeCounters(["writer"]);
  });

  for (const component of ["etcd", "kube-apiserver"] as const) {
    it(`${component} restarted: no pod is, and what was written is there`, async () => {
      const before = await fingerprint(kube());
      await restartComponent(instance, component);
      await until("the API server answers", () =>
        kube()
          .core.listNamespace()
          .then(
            () => true,
            () => false,
          ),
      );
      await allReady();
      const pods = (prints: Record<string, string>) =>
        Object.entries(prints).filter(([name]) => name.startsWith("Pod local-ai") || name.startsWith("Pod taskflow"));
      assert.deepEqual(pods(await fingerprint(kube())), pods(before));
      await intact();
    });
  }

  it(
    "the provisioner killed while it makes volumes: every claim is bound in the end, and nothing is " + "left over",
    async () => {
      const names = ["one", "two", "three", "four"];
      const directories = (await readdir(cluster().volumes)).sort();
      await Promise.all(names.map(makeCounter));
      const provisioner = async () => (await kube().core.listNamespacedPod({ namespace: "local-path-storage" })).items;
      await until(
        "it is at work",
        async () => (await provisioner()).some(({ metadata }) => metadata?.name?.startsWith("helper-pod-create")),
        30,
      );
      const [killed] = (await provisioner()).filter(({ metadata }) =>
        metadata?.name?.startsWith("local-path-provisioner"),
      );
      await kube().core.deleteNamespacedPod({
        namespace: "local-path-storage",
        name: killed!.metadata!.name!,
        gracePeriodSeconds: 0,
      });
      for (const name of names)
        await until(
          `${name} counts`,
          async () => isReady(await readPod(name)) && (await counted(name)).length > 1,
          180,
        );
      await until("no helper pod is left", async () => (await provisioner()).length === 1);
      assert.notEqual((await provisioner())[0]!.metadata!.uid, killed!.metadata!.uid);
      const volumes = (await kube().core.listPersistentVolume()).items.filter(
        ({ spec }) => spec?.claimRef?.namespace === namespace,
      );
      assert.deepEqual(volumes.map(({ spec }) => spec!.claimRef!.name).sort(), [...names].sort());
      await removeCounters(names);
      assert.deepEqual((await readdir(cluster().volumes)).sort(), directories);
    },
  );

  it("a pod deleted by force: the next has the volume, and the node forgets the old one", async () => {
    const pods = async () =>
      (
        await kube().core.listNamespacedPod({
          namespace: "local-ai-system",
          labelSelector: "app.kubernetes.io/name=redis",
        })
      ).items;
    const [old] = await pods();
    const { name = "", uid = "" } = old!.metadata!;
    assert.ok(existsSync(join(instanceDir(instance), "kubelet", "pods", uid)));
    await kube().core.deleteNamespacedPod({ namespace: "local-ai-system", name, gracePeriodSeconds: 0 });
    await assert.rejects(
      kube().core.readNamespacedPod({ namespace: "local-ai-system", name }),
      (error) => errorCode(error) === 404,
    );
    await until("another is Ready", async () =>
      (await pods()).some((pod) => pod.metadata?.uid !== uid && isReady(pod)),
    );
    await until(
      "the node has nothing of the old one",
      async () => !existsSync(join(instanceDir(instance), "kubelet", "pods", uid)),
    );
    await intact();
  });
});

import assert from "node:assert/strict";
import { readdir, writeFile } from "node:fs/promises";
import { impactText } from "../../ops/impact/print";
import { readImpact } from "../../ops/impact/run";
import { overridesFile } from "../../ops/pulumi/deployed-overrides";
import { ensureStack } from "../../ops/pulumi/stack";
import { catalogue } from "../../services/catalogue";
import { changedConfig, pulumiWith } from "./cli";
import { useCluster } from "./fixture";
import { stackObjects } from "./objects";
import { removeStack } from "./state";

const theirs = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: "standard", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
  provisioner: "example.com/none",
};

describe("a stack that is destroyed", () => {
  const cluster = useCluster();
  /** Redis alone, that nothing protects, on local-path with this policy. */
  const change = (reclaimPolicy: string) => ({
    "cluster-storage:backends": { "local-path": { reclaimPolicy } },
    "cluster-storage:services": {
      ...Object.fromEntries([...catalogue.keys()].map((service) => [service, undefined])),
      redis: { size: "1Gi", protect: false },
    },
  });
  const pulumi = async (reclaimPolicy: string, ...args: string[]) => {
    const { exitCode, printed } = await pulumiWith(cluster(), change(reclaimPolicy), [
      ...args,
      "--yes",
      "--skip-preview",
    ]);
    assert.equal(exitCode, 0, printed);
    return printed;
  };
  const flags = async () =>
    Object.fromEntries(
      (await cluster().kube.objects.list("storage.k8s.io/v1", "StorageClass")).items.map(({ metadata }) => [
        metadata!.name,
        metadata!.annotations?.["storageclass.kubernetes.io/is-default-class"],
      ]),
    );
  const policies = async () =>
    (await cluster().kube.core.listPersistentVolume()).items.map(({ spec }) => spec!.persistentVolumeReclaimPolicy);

  before("Redis, and a default class that was there before", async function () {
    this.timeout(300_000);
    await removeStack(cluster());
    await cluster().kube.objects.create(theirs);
    await ensureStack(cluster().target.stack);
    await writeFile(overridesFile(cluster().target.stack), "{}");
    await pulumi("Delete", "up");
  });
  after(async function () {
    this.timeout(300_000);
    await removeStack(cluster());
    await cluster().kube.objects.delete({ ...theirs });
  });

  it("had its class replaced where its policy changed, and its volume left as it was", async () => {
    assert.deepEqual(await flags(), { "local-path": "true", standard: "false" });
    const text = impactText(await readImpact(cluster().target, await changedConfig(cluster(), change("Retain"))));
    assert.match(text, /^stack "dev": no data is lost or left unprotected\n/);
    assert.match(text, /\n {2}StorageClass local-path is replaced, because .*\(reclaimPolicy Delete to Retain\)/);
    assert.doesNotMatch(text, /refused/);
    await pulumi("Retain", "up");
    assert.deepEqual(await policies(), ["Delete"]);
    assert.deepEqual(await flags(), { "local-path": "true", standard: "false" });
  });

  it("leaves no volume, no directory, nothing of its own, and the default flag to who had it", async () => {
    const printed = await pulumi("Retain", "destroy");
    assert.match(printed, /class standard is the cluster's default again, as before this stack/);
    assert.deepEqual(await policies(), []);
    assert.deepEqual(await readdir(cluster().volumes), []);
    assert.deepEqual([...(await stackObjects(cluster().kube)).keys()], []);
    assert.deepEqual(await flags(), { standard: "true" });
  });
});

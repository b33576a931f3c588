import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { layoutOf } from "../../local-cluster/instance/layout";
import { readRecord } from "../../local-cluster/instance/record";
import { ifFound } from "../../kube/client";
import { readStackConfig } from "../../ops/pulumi/project";
import { ops } from "./cli";
import { create, remove, writeStack } from "./doctored";
import { instance, useDeployedStack } from "./fixture";
import { binding, directoryName, keptVolume, name, namespace, policy, volumeName } from "./release-ground";
import { until } from "./state";

const note = "cluster-storage/releasing";

/** A kept volume of redis with the policy Retain, as an earlier move leaves it; the stack's file is this test's own. */
describe("a release that Kubernetes refuses", () => {
  const cluster = useDeployedStack();
  let stacks: string;
  const own = () => ({ CLUSTER_STORAGE_INSTANCE: instance, CLUSTER_STORAGE_STACKS: stacks });
  const file = () => join(stacks, "Pulumi.dev.yaml");
  const directory = () => join(cluster().volumes, directoryName);
  const volume = () => ifFound(cluster().kube.core.readPersistentVolume({ name: volumeName }));
  const claim = () => ifFound(cluster().kube.core.readNamespacedPersistentVolumeClaim({ namespace, name }));
  const release = () => ops(["release", "redis", "--generation", "2", "--yes"], own());

  before("a kept volume", async () => {
    stacks = await mkdtemp(join(tmpdir(), "stacks-"));
    const committed = await readStackConfig("dev");
    await writeFile(
      file(),
      committed.replace(
        "redis: { size: 1Gi, class: local-path }",
        "redis: { size: 1Gi, class: local-path, kept: [ { generation: 2, size: 1Gi, class: local-path } ] }",
      ),
    );
    await keptVolume(cluster().kube, directory());
    await create(cluster().kube, [policy, binding]);
    await until("its deletion is refused", async () => {
      const tried = cluster().kube.core.deleteNamespacedPersistentVolumeClaim({ namespace, name, dryRun: "All" });
      return tried.then(
        () => false,
        () => true,
      );
    });
  });
  after(async () => {
    await remove(cluster().kube, [binding, policy]);
    const { core } = cluster().kube;
    await ifFound(core.deleteNamespacedPersistentVolumeClaim({ namespace, name }));
    await ifFound(core.deletePersistentVolume({ name: volumeName }));
    await rm(directory(), { recursive: true, force: true });
    await rm(stacks, { recursive: true });
  });

  it("leaves the claim, and the volume with its policy and its data", async () => {
    const before = await readFile(file(), "utf8");
    const { exitCode, stderr } = await release();
    assert.equal(exitCode, 1);
    assert.equal(
      stderr.trimEnd().split("\n").at(-1),
      `Kubernetes refused to delete claim ${name} in namespace ${namespace} (403: persistentvolumeclaims "${name}" ` +
        "is forbidden: ValidatingAdmissionPolicy 'no-release' with binding 'no-release' denied request: not today). " +
        `Nothing was deleted: volume ${volumeName} keeps its policy Retain and its data. Where a right is missing, ` +
        "give it to these credentials; then run the same command again, which goes on from here",
    );
    const { spec, metadata } = (await volume())!;
    assert.deepEqual([spec?.persistentVolumeReclaimPolicy, metadata?.annotations?.[note]], ["Retain", undefined]);
    assert.equal((await claim())?.status?.phase, "Bound");
    assert.deepEqual(await readdir(directory()), ["kept"]);
    assert.equal(await readFile(file(), "utf8"), before);
  });

  it("cut off before the claim's deletion, is told of by recover, which takes its note away", async () => {
    const { metadata } = (await claim())!;
    const value = JSON.stringify({ stack: "cluster-storage/dev", claim: metadata!.uid });
    await cluster().kube.core.patchPersistentVolume({
      name: volumeName,
      body: [{ op: "add", path: `/metadata/annotations/${note.replace("/", "~1")}`, value }],
    });
    const { exitCode, printed } = await ops(["recover"], own());
    assert.equal(exitCode, 0, printed);
    assert.equal(
      printed.trim(),
      `the release of claim ${namespace}/${name} was cut off before it deleted anything: its volume ${volumeName} ` +
        `keeps its policy Retain, and the note was removed. Where ${name} is still to go, run npm run release again`,
    );
    assert.equal((await volume())?.metadata?.annotations?.[note], undefined);
  });

  it("that is allowed at last, deletes the volume with its data", async () => {
    await remove(cluster().kube, [binding, policy]);
    await until("its deletion is allowed", async () => {
      const tried = cluster().kube.core.deleteNamespacedPersistentVolumeClaim({ namespace, name, dryRun: "All" });
      return tried.then(
        () => true,
        () => false,
      );
    });
    const { exitCode, printed } = await release();
    assert.equal(exitCode, 0, printed);
    assert.deepEqual([await claim(), await volume()], [undefined, undefined]);
    assert.ok(!(await readdir(cluster().volumes)).includes(directoryName));
    assert.equal(await readFile(file(), "utf8"), await readStackConfig("dev"));
  });

  it("is not the only way to another policy: status and preflight tell of volumes that have one", async () => {
    const { core } = cluster().kube;
    const used = await core.readNamespacedPersistentVolumeClaim({ namespace, name: "redis-data" });
    const at = { name: used.spec!.volumeName! };
    const setPolicy = (value: string) =>
      core.patchPersistentVolume({
        ...at,
        body: [{ op: "replace", path: "/spec/persistentVolumeReclaimPolicy", value }],
      });
    await setPolicy("Retain");
    const status = await ops(["status"], own());
    await setPolicy("Delete");
    const kept = "the volume of redis-data is kept when its claim is deleted (Retain), though its class says Delete";
    assert.ok(status.printed.includes(`\n  ${kept}\n`), status.printed);

    // The policy of a class, edited in the config: the volume keeps Delete.
    const { kubeconfig } = layoutOf(instance, readRecord(instance)!.slot);
    const backend = { type: "local-path", path: "/opt/local-path-provisioner", default: true, reclaimPolicy: "Retain" };
    await writeStack(stacks, "edited", kubeconfig, {
      backends: { "local-path": { ...backend, sharedDisk: true, overCommit: "warn" } },
      services: { redis: { size: "1Gi" } },
    });
    const { printed } = await ops(["preflight", "--stack", "edited"], own());
    const lines = printed.split("\n");
    const found = lines.findIndex((line) => line.includes("[volume-policy]"));
    assert.deepEqual(
      lines.slice(found, found + 2).map((line) => line.trim()),
      [
        "! the volume of redis-data has the reclaim policy Delete, and class local-path says Retain: when the claim " +
          "is deleted, its data is deleted as well [volume-policy]",
        `kubectl patch persistentvolume ${at.name} --type merge ` +
          `-p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'`,
      ],
      printed,
    );
  });
});

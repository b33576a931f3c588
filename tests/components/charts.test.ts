import assert from "node:assert/strict";
import { after, createBackend, release } from "./backend-created";
import { generated, names, one, secretOf, type Recorded } from "./recorded";

describe("csi-driver-nfs", () => {
  it("is the official chart without a class, and can be taken out: the data is the server's", async () => {
    const { inputs, opts } = release(
      await createBackend("type: nfs, server: nas.lan, share: /export"),
      "csi-driver-nfs",
    );
    assert.deepEqual(
      [inputs.chart, inputs.version, inputs.namespace, inputs.values],
      ["csi-driver-nfs", "4.13.4", "it-storage", { storageClass: { create: false } }],
    );
    assert.ok(!opts.protect);
  });

  it("sets no pod's group where the server maps root to nobody: the kubelet can't enter each directory", async () => {
    const squashed = 'type: nfs, server: nas.lan, share: /export, mountPermissions: "0777"';
    const { inputs } = release(await createBackend(squashed), "csi-driver-nfs");
    assert.deepEqual(inputs.values, { storageClass: { create: false }, feature: { enableFSGroupPolicy: false } });
  });
});

describe("OpenEBS LVM", () => {
  it("is the official chart, protected, and reports to nobody", async () => {
    const { inputs, opts } = release(await createBackend("type: openebs-lvm, volumeGroup: data"), "lvm-localpv");
    assert.deepEqual(
      [inputs.chart, inputs.version, inputs.repositoryOpts.repo, inputs.values],
      ["lvm-localpv", "1.10.0", "https://openebs.github.io/lvm-localpv", { analytics: { enabled: false } }],
    );
    assert.equal(opts.protect, true);
  });
});

describe("Rook", () => {
  let all: Recorded[];
  before(async () => (all = await createBackend("type: rook-ceph, nodes: { a: [sdb], b: [sdb, sdc], c: [sdb] }")));

  it("installs operator, drivers and cluster, each after the one before", () => {
    assert.deepEqual(names(all, "Release"), ["ceph-csi-drivers", "rook-ceph", "rook-ceph-cluster"]);
    assert.ok(!after(release(all, "rook-ceph")).includes("ceph-csi-drivers"));
    assert.ok(after(release(all, "ceph-csi-drivers")).includes("rook-ceph"));
    assert.ok(after(release(all, "rook-ceph-cluster")).includes("ceph-csi-drivers"));
    assert.deepEqual(
      ["rook-ceph", "ceph-csi-drivers", "rook-ceph-cluster"].map((name) => release(all, name).inputs.version),
      ["v1.20.6", "1.0.4", "v1.20.6"],
    );
  });

  it("names the drivers as the classes do", () => {
    const { drivers } = release(all, "ceph-csi-drivers").inputs.values;
    assert.deepEqual(
      [drivers.rbd.name, drivers.cephfs.name],
      ["it", "it-files"].map((name) => one(all, "StorageClass", name).inputs.provisioner),
    );
    assert.deepEqual([drivers.nfs, drivers.nvmeof], [{ enabled: false }, { enabled: false }]);
  });

  it("takes the disks that were named and no others, and makes no class of its own", () => {
    const { cephClusterSpec, cephBlockPools, cephFileSystems, cephObjectStores } = release(all, "rook-ceph-cluster")
      .inputs.values;
    const nodes = [
      { name: "a", devices: [{ name: "sdb" }] },
      { name: "b", devices: [{ name: "sdb" }, { name: "sdc" }] },
      { name: "c", devices: [{ name: "sdb" }] },
    ];
    assert.deepEqual(cephClusterSpec.storage, { useAllNodes: false, useAllDevices: false, nodes });
    assert.deepEqual(
      [cephBlockPools[0].storageClass, cephFileSystems[0].storageClass, cephObjectStores],
      [{ enabled: false }, { enabled: false }, []],
    );
    assert.equal(cephClusterSpec.mon.count, 3);
  });

  it("never takes all disks, by a pattern neither", async () => {
    const { storage } = release(await createBackend("type: rook-ceph, deviceFilter: '^sd[b-z]$'"), "rook-ceph-cluster")
      .inputs.values.cephClusterSpec;
    assert.deepEqual(storage, { useAllNodes: true, useAllDevices: false, deviceFilter: "^sd[b-z]$" });
  });

  it("keeps volumes' keys under a generated passphrase, where the drivers look for it", async () => {
    assert.deepEqual(names(all, "ConfigMap"), []);
    const encrypted = await createBackend("type: rook-ceph, deviceFilter: ^sdb$, encrypted: true");
    const { data } = one(encrypted, "ConfigMap", "csi-kms-connection-details").inputs;
    assert.deepEqual(JSON.parse(data["generated-passphrase"]), {
      encryptionKMSType: "metadata",
      secretName: "volume-encryption",
      secretNamespace: "rook-ceph",
    });
    assert.deepEqual(secretOf(one(encrypted, "Secret", "volume-encryption").inputs.stringData), {
      encryptionPassphrase: generated("volume-encryption-encryptionPassphrase"),
    });
  });
});

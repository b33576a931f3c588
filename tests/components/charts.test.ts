import { backendTypes } from "../../backends/catalogue";
import assert from "node:assert/strict";
import { Storage } from "../../components/storage";
import { settle } from "../../plan/cluster";
import { planOf } from "../stack";
import { generated, names, one, record, secretOf, type Recorded } from "./recorded";

function create(backend: string): Promise<Recorded[]> {
  const { plan, faults } = planOf(`config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { it: { ${backend}, default: true } }
  cluster-storage:services: {}`);
  assert.deepEqual(faults, []);
  return record(
    (opts) =>
      void new Storage(
        "storage",
        { ...settle(plan, { classes: [], claims: [] } as never).plan, types: backendTypes },
        opts,
      ),
  );
}

const release = (all: Recorded[], name: string) => one(all, "Release", name);
const after = (resource: Recorded) => (resource.opts.dependsOn as { __name?: string }[]).map(({ __name }) => __name);

describe("Longhorn", () => {
  let all: Recorded[];
  before(async () => (all = await create("type: longhorn, dataPath: /var/mnt/longhorn")));

  it("is the official chart at the pinned version, with its own class off", () => {
    // The SDK's own mark.
    const { compat: _, ...inputs } = release(all, "longhorn").inputs;
    assert.deepEqual(inputs, {
      name: "longhorn",
      namespace: "longhorn-system",
      chart: "longhorn",
      version: "1.12.1",
      repositoryOpts: { repo: "https://charts.longhorn.io" },
      values: {
        persistence: { createStorageClass: false, defaultClass: false },
        defaultSettings: {
          defaultDataPath: "/var/mnt/longhorn",
          nodeDownPodDeletionPolicy: "delete-both-statefulset-and-deployment-pod",
          upgradeChecker: false,
          allowCollectingLonghornUsageMetrics: false,
        },
      },
      timeout: 900,
      maxHistory: 5,
    });
  });

  it("is protected and kept, like its namespace: without either the volumes are gone", () => {
    for (const resource of [release(all, "longhorn"), one(all, "Namespace", "longhorn-system")]) {
      assert.deepEqual([resource.opts.protect, resource.opts.retainOnDelete], [true, true], resource.name);
    }
  });

  it("has a privileged namespace whose traffic isn't denied", () => {
    const { labels } = one(all, "Namespace", "longhorn-system").inputs.metadata;
    for (const mode of ["enforce", "audit", "warn"])
      assert.equal(labels[`pod-security.kubernetes.io/${mode}`], "privileged");
    assert.deepEqual(names(all, "NetworkPolicy"), []);
  });

  it("has no key, no backups and no jobs unless told", () => {
    for (const kind of ["Secret", "RandomPassword", "RecurringJob", "ConfigMap"])
      assert.deepEqual(names(all, kind), [], kind);
  });

  it("lets its class expand", () => assert.equal(one(all, "StorageClass", "it").inputs.allowVolumeExpansion, true));

  it("encrypts with a generated key that is protected and made first", async () => {
    const encrypted = await create("type: longhorn, encrypted: true");
    const { inputs, opts } = one(encrypted, "Secret", "volume-encryption");
    assert.equal(inputs.metadata.namespace, "longhorn-system");
    assert.deepEqual(secretOf(inputs.stringData), {
      CRYPTO_KEY_VALUE: generated("volume-encryption-CRYPTO_KEY_VALUE"),
      CRYPTO_KEY_PROVIDER: "secret",
    });
    assert.deepEqual([opts.protect, opts.retainOnDelete], [true, true]);
    assert.equal(one(encrypted, "RandomPassword", "volume-encryption-CRYPTO_KEY_VALUE").inputs.length, 64);
    assert.ok(after(release(encrypted, "longhorn")).includes("volume-encryption"));
  });

  it("backs up to S3 with a Secret that is only named, in jobs that come after the chart", async () => {
    const backed = await create(
      'type: longhorn, backup: { target: "s3://b@eu-1/", secret: credentials }, jobs: { nightly: { task: ' +
        "backup, cron: 0 3 * * *, retain: 7 } }",
    );
    assert.deepEqual(release(backed, "longhorn").inputs.values.defaultBackupStore, {
      backupTarget: "s3://b@eu-1/",
      backupTargetCredentialSecret: "credentials",
    });
    assert.deepEqual(names(backed, "Secret"), []);
    const job = one(backed, "RecurringJob", "longhorn-system-nightly");
    assert.equal(job.inputs.apiVersion, "longhorn.io/v1beta2");
    assert.deepEqual(job.inputs.spec, {
      name: "nightly",
      task: "backup",
      cron: "0 3 * * *",
      retain: 7,
      concurrency: 1,
      groups: [],
      labels: {},
    });
    assert.ok(after(job).includes("longhorn"));
  });

  it("takes further values, over ours", async () => {
    const { values } = release(
      await create(
        "type: longhorn, values: { defaultSettings: { upgradeChecker: true }, longhornUI: { replicas: 0 } }",
      ),
      "longhorn",
    ).inputs;
    assert.deepEqual(
      [values.defaultSettings.upgradeChecker, values.defaultSettings.defaultDataPath, values.longhornUI],
      [true, "/var/lib/longhorn", { replicas: 0 }],
    );
  });

  it("of a second backend is a class and nothing else", async () => {
    const second = await create("type: longhorn, install: false, replicas: 1");
    for (const kind of ["Release", "Namespace"]) assert.deepEqual(names(second, kind), [], kind);
    assert.deepEqual(names(second, "StorageClass"), ["it"]);
  });
});

describe("csi-driver-nfs", () => {
  it("is the official chart without a class, and can be taken out: the data is the server's", async () => {
    const { inputs, opts } = release(await create("type: nfs, server: nas.lan, share: /export"), "csi-driver-nfs");
    assert.deepEqual(
      [inputs.chart, inputs.version, inputs.namespace, inputs.values],
      ["csi-driver-nfs", "4.13.4", "it-storage", { storageClass: { create: false } }],
    );
    assert.ok(!opts.protect);
  });
});

describe("OpenEBS LVM", () => {
  it("is the official chart, protected, and reports to nobody", async () => {
    const { inputs, opts } = release(await create("type: openebs-lvm, volumeGroup: data"), "lvm-localpv");
    assert.deepEqual(
      [inputs.chart, inputs.version, inputs.repositoryOpts.repo, inputs.values],
      ["lvm-localpv", "1.10.0", "https://openebs.github.io/lvm-localpv", { analytics: { enabled: false } }],
    );
    assert.equal(opts.protect, true);
  });
});

describe("Rook", () => {
  let all: Recorded[];
  before(async () => (all = await create("type: rook-ceph, nodes: { a: [sdb], b: [sdb, sdc], c: [sdb] }")));

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
    const { storage } = release(await create("type: rook-ceph, deviceFilter: '^sd[b-z]$'"), "rook-ceph-cluster").inputs
      .values.cephClusterSpec;
    assert.deepEqual(storage, { useAllNodes: true, useAllDevices: false, deviceFilter: "^sd[b-z]$" });
  });

  it("keeps volumes' keys under a generated passphrase, where the drivers look for it", async () => {
    assert.deepEqual(names(all, "ConfigMap"), []);
    const encrypted = await create("type: rook-ceph, deviceFilter: ^sdb$, encrypted: true");
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

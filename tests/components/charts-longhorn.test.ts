import assert from "node:assert/strict";
import { after, createBackend, release } from "./backend-created";
import { generated, names, one, secretOf, type Recorded } from "./recorded";

describe("Longhorn", () => {
  let all: Recorded[];
  before(async () => (all = await createBackend("type: longhorn, dataPath: /var/mnt/longhorn")));

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
    const encrypted = await createBackend("type: longhorn, encrypted: true");
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
    const backed = await createBackend(
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
      await createBackend(
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
    const second = await createBackend("type: longhorn, install: false, replicas: 1");
    for (const kind of ["Release", "Namespace"]) assert.deepEqual(names(second, kind), [], kind);
    assert.deepEqual(names(second, "StorageClass"), ["it"]);
  });
});

import assert from "node:assert/strict";
import type { ClassPlan } from "../../model/storage";
import { planOf } from "../stack";

function planned(backend: string, services = "{}") {
  const { plan, faults, warnings } = planOf(`config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { local-path: { type: local-path, path: /opt/volumes, default: true }, it: { ${backend} } }
  cluster-storage:services: ${services}`);
  assert.deepEqual(faults, []);
  return { plan: plan.backends.find(({ name }) => name === "it")!, warnings };
}

const secrets = (calls: Record<string, string>, namespace: string) =>
  Object.fromEntries(
    Object.entries(calls).flatMap(([call, name]) => [
      [`csi.storage.k8s.io/${call}-secret-name`, name],
      [`csi.storage.k8s.io/${call}-secret-namespace`, namespace],
    ]),
  );

const cephSecrets = (driver: string) => {
  const [provisioner, node] = [`rook-csi-${driver}-provisioner`, `rook-csi-${driver}-node`];
  return secrets(
    { provisioner, "controller-expand": provisioner, "controller-publish": provisioner, "node-stage": node },
    "rook-ceph",
  );
};

const key = secrets(
  {
    provisioner: "volume-encryption",
    "node-publish": "volume-encryption",
    "node-stage": "volume-encryption",
    "node-expand": "volume-encryption",
  },
  "longhorn-system",
);
const block = {
  clusterID: "rook-ceph",
  pool: "block",
  imageFormat: "2",
  imageFeatures: "layering",
  "csi.storage.k8s.io/fstype": "ext4",
  ...cephSecrets("rbd"),
};
const files = { clusterID: "rook-ceph", fsName: "files", pool: "files-data0", ...cephSecrets("cephfs") };

/** Config, and each class with its provisioner and all of its parameters. */
const cases: [string, Record<string, [string, Record<string, string>]>][] = [
  [
    "type: longhorn",
    {
      it: [
        "driver.longhorn.io",
        { numberOfReplicas: "3", dataLocality: "best-effort", staleReplicaTimeout: "30", fsType: "ext4" },
      ],
    },
  ],
  [
    "type: longhorn, replicas: 1, locality: strict-local, fsType: xfs, jobs: { hourly: { task: snapshot, " +
      "cron: 0 * * * *, retain: 24 } }",
    {
      it: [
        "driver.longhorn.io",
        {
          numberOfReplicas: "1",
          dataLocality: "strict-local",
          staleReplicaTimeout: "30",
          fsType: "xfs",
          recurringJobSelector: '[{"name":"hourly","isGroup":false}]',
        },
      ],
    },
  ],
  [
    "type: longhorn, encrypted: true",
    {
      it: [
        "driver.longhorn.io",
        {
          numberOfReplicas: "3",
          dataLocality: "best-effort",
          staleReplicaTimeout: "30",
          fsType: "ext4",
          encrypted: "true",
          ...key,
        },
      ],
    },
  ],
  [
    "type: nfs, server: nas.lan, share: /export",
    { it: ["nfs.csi.k8s.io", { server: "nas.lan", share: "/export", onDelete: "delete" }] },
  ],
  [
    'type: nfs, server: nas.lan, share: /, onDelete: archive, mountPermissions: "0777", class: bulk',
    { bulk: ["nfs.csi.k8s.io", { server: "nas.lan", share: "/", onDelete: "archive", mountPermissions: "0777" }] },
  ],
  [
    "type: openebs-lvm, volumeGroup: data",
    { it: ["local.csi.openebs.io", { storage: "lvm", volgroup: "data", thinProvision: "no", fsType: "ext4" }] },
  ],
  [
    "type: openebs-lvm, volumeGroup: data, thin: true, fsType: xfs",
    { it: ["local.csi.openebs.io", { storage: "lvm", volgroup: "data", thinProvision: "yes", fsType: "xfs" }] },
  ],
  [
    "type: rook-ceph, deviceFilter: ^sdb$",
    { it: ["rook-ceph.rbd.csi.ceph.com", block], "it-files": ["rook-ceph.cephfs.csi.ceph.com", files] },
  ],
  [
    "type: rook-ceph, deviceFilter: ^sdb$, encrypted: true, class: ceph",
    {
      ceph: ["rook-ceph.rbd.csi.ceph.com", { ...block, encrypted: "true", encryptionKMSID: "generated-passphrase" }],
      "ceph-files": [
        "rook-ceph.cephfs.csi.ceph.com",
        { ...files, encrypted: "true", encryptionKMSID: "generated-passphrase" },
      ],
    },
  ],
];

describe("classes of backends", () => {
  for (const [backend, expected] of cases) {
    it(`of { ${backend} }`, () => {
      const { classes } = planned(backend).plan;
      assert.deepEqual(
        Object.fromEntries(classes.map(({ name, provisioner, parameters }) => [name, [provisioner, parameters]])),
        expected,
      );
      assert.ok(classes.every(({ reclaimPolicy, isDefault }: ClassPlan) => reclaimPolicy === "Retain" && !isDefault));
    });
  }

  it("have the client's mount options for NFS alone", () => {
    assert.deepEqual(planned("type: nfs, server: nas.lan, share: /export").plan.classes[0]?.mountOptions, [
      "nfsvers=4.1",
      "hard",
    ]);
    assert.ok(!("mountOptions" in planned("type: longhorn").plan.classes[0]!));
  });

  it("of Ceph have one default, the block volumes'", () => {
    const { plan } = planOf(`config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { ceph: { type: rook-ceph, deviceFilter: ^sdb$, default: true } }
  cluster-storage:services: {}`);
    const flags = plan.backends[0]!.classes.map(({ name, isDefault, annotations }) => [
      name,
      isDefault,
      annotations["storageclass.kubernetes.io/is-default-class"],
    ]);
    assert.deepEqual(flags, [
      ["ceph", true, "true"],
      ["ceph-files", false, "false"],
    ]);
  });
});

describe("capabilities", () => {
  const all = { expand: true, snapshot: true, enforcesSize: true, followsNode: false };
  const expected: [string, object][] = [
    ["type: local-path, path: /opt/other", { expand: false, snapshot: false, enforcesSize: false, followsNode: true }],
    ["type: longhorn", all],
    ["type: longhorn, replicas: 1, locality: strict-local", { ...all, followsNode: true }],
    ["type: nfs, server: nas.lan, share: /export", { ...all, enforcesSize: false }],
    ["type: openebs-lvm, volumeGroup: data", { ...all, followsNode: true }],
    ["type: rook-ceph, deviceFilter: ^sdb$", all],
  ];
  for (const [backend, capabilities] of expected) {
    it(`of { ${backend} }`, () => assert.deepEqual(planned(backend).plan.classes[0]?.capabilities, capabilities));
  }
});

describe("a file share over the network", () => {
  const nas = "type: nfs, server: nas.lan, share: /export";
  const warned = (service: string) => planned(nas, `{ ${service}: { size: 1Gi, backend: it } }`).warnings;

  it("is warned of for databases", () => {
    assert.deepEqual(warned("postgres"), [
      "services.postgres: is a file share over the network, and PostgreSQL trusts that what it flushed is on " +
        "the disk, which a share promises only with the right server and mount options, and each flush waits for the " +
        "network; a backend with block or local volumes is the safer place",
    ]);
    for (const service of ["neo4j", "redis", "taskflow-db"]) assert.equal(warned(service).length, 1, service);
  });

  it("is fine for files", () => assert.deepEqual(warned("searxng"), []));

  it("is what Longhorn makes of a volume for many, and nothing else of it", () => {
    assert.deepEqual(planned("type: longhorn", "{ postgres: { size: 1Gi, backend: it } }").warnings, []);
    assert.equal(
      planned("type: longhorn", "{ postgres: { size: 1Gi, backend: it, accessMode: ReadWriteMany } }").warnings.length,
      1,
    );
  });
});

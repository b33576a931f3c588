import { z } from "zod";
import { count, flag, list, nodePath, nonEmpty, object } from "../../config/fields";
import type { BackendPlan, ClassPlan } from "../../model/storage";
import type { Fault } from "../../model/plan";
import { cephChecks } from "./checks";
import { cephInstall, names, type CephConfig } from "./install";
import { chartSettings } from "../shared/charts";
import { secretParameters } from "../shared/class-secrets";
import { className, classSettings, planClass } from "../shared/classes";
import { onFileShare } from "../shared/file-share";
import type { Backend } from "../../model/backend";

const device = nonEmpty("name a disk, for instance sdb or /dev/disk/by-id/…");

const schema = object({
  type: z.literal("rook-ceph"),
  ...classSettings,
  ...chartSettings("v1.20.6"),
  /** Of the chart with the CSI drivers, which Rook installs beside its own since 1.20. */
  driversVersion: nonEmpty("a version is for instance 1.0.4").default("1.0.4"),
  /** Copies of each object, on as many nodes. */
  replicas: count(1, 10).default(3),
  /** Disks by node that Ceph takes, whole and for itself. */
  nodes: z
    .record(z.string(), list(device).min(1, "is empty; name the node's disks, or leave the node out"))
    .default({}),
  /** Instead of `nodes`: a pattern of names of disks on any node, such as ^sd[b-z]$; only empty ones are taken. */
  deviceFilter: nonEmpty("write a pattern, for instance ^sd[b-z]$").optional(),
  /** Where the nodes keep the monitors' data. */
  path: nodePath.default("/var/lib/rook"),
  /** Volumes are encrypted with keys under a generated passphrase, which is kept in the state and in the cluster. */
  encrypted: flag.default(false),
});

const capabilities = { expand: true, snapshot: true, enforcesSize: true, followsNode: false };
const filesClass = (name: string, config: CephConfig) => `${className(name, config)}-files`;

function check(_name: string, { install, nodes, deviceFilter, replicas, encrypted }: CephConfig): Fault[] {
  const named = Object.keys(nodes).length;
  if (!install)
    return encrypted
      ? [
          {
            path: "encrypted",
            message: "belongs to the backend that installs Rook; set it there, or install: true here",
          },
        ]
      : [];
  if (named === 0 && !deviceFilter)
    return [
      { path: "nodes", message: "is missing; name the disks that Ceph may take whole, by node, or set deviceFilter" },
    ];
  if (named > 0 && deviceFilter)
    return [{ path: "deviceFilter", message: "stands beside nodes, which names the disks; keep one of the two" }];
  if (named > 0 && named < replicas)
    return [
      {
        path: "replicas",
        message:
          `is ${replicas}, but only ${named} of the nodes have disks for copies; name disks of ${replicas} ` +
          `nodes, or say replicas: ${named}`,
      },
    ];
  return [];
}

/** What both classes share: where the cluster is, and the Secrets that Rook makes for the driver. */
function parameters(driver: "rbd" | "cephfs", { encrypted }: CephConfig): Record<string, string> {
  const [provisioner, node] = [`rook-csi-${driver}-provisioner`, `rook-csi-${driver}-node`];
  const calls = {
    provisioner,
    "controller-expand": provisioner,
    "controller-publish": provisioner,
    "node-stage": node,
  };
  return {
    clusterID: names.namespace,
    ...secretParameters(calls, names.namespace),
    ...(encrypted && { encrypted: "true", encryptionKMSID: names.kms }),
  };
}

function classes(name: string, config: CephConfig): ClassPlan[] {
  const block = {
    pool: names.pool,
    imageFormat: "2",
    imageFeatures: "layering",
    "csi.storage.k8s.io/fstype": "ext4",
    ...parameters("rbd", config),
  };
  const files = { fsName: names.files, pool: `${names.files}-data0`, ...parameters("cephfs", config) };
  return [
    planClass(name, config, { provisioner: `${names.namespace}.rbd.csi.ceph.com`, capabilities, parameters: block }),
    planClass(name, config, {
      name: filesClass(name, config),
      isDefault: false,
      provisioner: `${names.namespace}.cephfs.csi.ceph.com`,
      capabilities,
      parameters: files,
    }),
  ];
}

/** Block volumes for one pod and a file system for many, with copies on several nodes, by Rook and Ceph. */
export const backend: Backend<CephConfig> = {
  type: "rook-ceph",
  schema,
  capabilities: () => capabilities,
  accessModes: () => ["ReadWriteOnce", "ReadWriteOncePod"],
  accessModeReason: "its block volumes are for one node, and its file system for many",
  namespace: () => names.namespace,
  classes: (name, config) => [
    { name: className(name, config), isDefault: config.default },
    {
      name: filesClass(name, config),
      isDefault: false,
      accessModes: ["ReadWriteMany", "ReadOnlyMany", "ReadWriteOnce", "ReadWriteOncePod"],
    },
  ],
  check,
  claim: (request, config) => (request.class === filesClass(request.backend, config) ? onFileShare(request) : {}),
  once: (config) => config.install,
  plan: (name, config): BackendPlan => ({
    name,
    type: "rook-ceph",
    classes: classes(name, config),
    uses: [],
    ...(config.install && { install: cephInstall(config) }),
  }),
  install: () => (require("../../components/charts") as typeof import("../../components/charts")).Charts,
  checks: cephChecks,
};

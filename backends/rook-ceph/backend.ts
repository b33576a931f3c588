import type { Backend, BackendClass } from "../../model/backend";
import type { ChartsInstall } from "../../model/charts";
import type { Fault } from "../../model/plan";
import { createCharts } from "../shared/charts";
import { secretParameters } from "../shared/class-secrets";
import { className, madeClass } from "../shared/classes";
import { onFileShare } from "../shared/file-share";
import { cephChecks } from "./checks";
import { type CephConfig, schema } from "./config";
import { cephInstall, chartFaults } from "./install";
import { names, provisionerOf } from "./names";

const capabilities = { expand: true, snapshot: true, enforcesSize: true, followsNode: false };
const provisioners = {
  // Rook prefixes its drivers' names with its namespace, and other clusters may use another namespace.
  rbd: { provisioner: provisionerOf("rbd"), provisionerPattern: provisionerOf("rbd", "*") },
  cephfs: { provisioner: provisionerOf("cephfs"), provisionerPattern: provisionerOf("cephfs", "*") },
};
const filesClass = (name: string, config: CephConfig) => `${className(name, config)}-files`;

function diskFaults({ install, nodes, deviceFilter, replicas, encrypted }: CephConfig): Fault[] {
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
    return [
      {
        path: "deviceFilter",
        message: "and nodes are both set, and both say which disks Ceph takes; keep one of the two",
      },
    ];
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

const check = (_name: string, config: CephConfig): Fault[] => [...diskFaults(config), ...chartFaults(config)];

/** The parameters that both classes share: where the cluster is, and the Secrets that Rook makes for the driver. */
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

function classes(name: string, config: CephConfig): BackendClass[] {
  const block = {
    pool: names.pool,
    imageFormat: "2",
    imageFeatures: "layering",
    "csi.storage.k8s.io/fstype": "ext4",
    ...parameters("rbd", config),
  };
  const files = { fsName: names.files, pool: `${names.files}-data0`, ...parameters("cephfs", config) };
  return [
    madeClass(name, config, { ...provisioners.rbd, parameters: block }),
    {
      ...madeClass(name, config, { ...provisioners.cephfs, parameters: files }),
      name: filesClass(name, config),
      isDefault: false,
      accessModes: ["ReadWriteMany", "ReadOnlyMany", "ReadWriteOnce", "ReadWriteOncePod"],
    },
  ];
}

/** Rook and Ceph: block volumes for one pod, and a file system for many, with copies on several nodes. */
export const backend: Backend<CephConfig, ChartsInstall> = {
  type: "rook-ceph",
  schema,
  capabilities: () => capabilities,
  accessModes: () => ["ReadWriteOnce", "ReadWriteOncePod"],
  accessModeReason: "its block volumes are for one node, and its file system for many",
  namespace: () => names.namespace,
  classes,
  check,
  claim: (request, config) => (request.class === filesClass(request.backend, config) ? onFileShare(request) : {}),
  once: (config) => config.install,
  installs: (_name, config, _volumes, defaults) => (config.install ? cephInstall(config, defaults) : undefined),
  create: createCharts,
  checks: cephChecks,
};

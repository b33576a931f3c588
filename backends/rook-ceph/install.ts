import type { ChartPlan, ChartsInstall, Values } from "../../model/charts";
import { chartsInstall, mergeValues } from "../shared/charts";
import type { CephConfig } from "./config";

export const names = { namespace: "rook-ceph", pool: "block", files: "files", kms: "generated-passphrase" };

/** The operator prefixes the names of its drivers with its namespace. */
export const provisionerOf = (driver: "rbd" | "cephfs", namespace = names.namespace): string =>
  `${namespace}.${driver}.csi.ceph.com`;

const passphrase = "volume-encryption";
/**
 * Where the drivers look for it by themselves; a name of our own would have to go through a value that the chart writes
 * into a field that its kind doesn't have.
 */
const kmsConfig = "csi-kms-connection-details";

const rookCharts = "https://charts.rook.io/release";

/** Operator, then the drivers, which are its kind of object, then the cluster itself. */
export function cephInstall(config: CephConfig): ChartsInstall {
  const { version, driversVersion, encrypted, values } = config;
  const charts: ChartPlan[] = [
    { release: "rook-ceph", chart: "rook-ceph", repository: rookCharts, version, values: {} },
    {
      release: "ceph-csi-drivers",
      chart: "ceph-csi-drivers",
      repository: "https://ceph.github.io/ceph-csi-operator",
      version: driversVersion,
      values: driverValues,
    },
    {
      release: "rook-ceph-cluster",
      chart: "rook-ceph-cluster",
      repository: rookCharts,
      version,
      values: mergeValues(clusterValues(config), values),
    },
  ];
  // Each volume has a key of its own, kept beside it under this passphrase.
  const kms = { encryptionKMSType: "metadata", secretName: passphrase, secretNamespace: names.namespace };
  return chartsInstall({
    namespace: names.namespace,
    charts,
    secrets: encrypted ? [{ name: passphrase, credentials: [{ key: "encryptionPassphrase", length: 64 }] }] : [],
    configs: encrypted ? [{ name: kmsConfig, data: { [names.kms]: JSON.stringify(kms) } }] : [],
    protect: true,
  });
}

const driver = (kind: "rbd" | "cephfs") => ({
  enabled: true,
  name: provisionerOf(kind),
  snapshotPolicy: "volumeSnapshot",
});

const driverValues: Values = {
  operatorConfig: {
    namespace: names.namespace,
    driverSpecDefaults: {
      // Rook's own choice of images, which its operator writes there.
      imageSet: { name: "rook-csi-operator-image-set-configmap" },
      nodePlugin: { priorityClassName: "system-node-critical" },
      controllerPlugin: { priorityClassName: "system-cluster-critical" },
    },
  },
  drivers: { rbd: driver("rbd"), cephfs: driver("cephfs"), nfs: { enabled: false }, nvmeof: { enabled: false } },
};

function clusterValues({ replicas, path, nodes, deviceFilter }: CephConfig): Values {
  const replicated = { failureDomain: "host", replicated: { size: replicas } };
  // The classes are ours, so that exactly one is the default.
  const storageClass = { enabled: false };
  const files = {
    metadataPool: { replicated: { size: replicas } },
    dataPools: [{ name: "data0", ...replicated }],
    metadataServer: {
      activeCount: 1,
      activeStandby: true,
      priorityClassName: "system-cluster-critical",
      resources: { requests: { cpu: "500m", memory: "4Gi" }, limits: { memory: "4Gi" } },
    },
  };
  return {
    operatorNamespace: names.namespace,
    cephClusterSpec: {
      dataDirHostPath: path,
      mon: { count: monitors(replicas), allowMultiplePerNode: false },
      storage: disks(nodes, deviceFilter),
    },
    cephBlockPools: [{ name: names.pool, spec: replicated, storageClass }],
    cephFileSystems: [{ name: names.files, spec: files, storageClass }],
    cephObjectStores: [],
  };
}

/** An odd number, so that one half never faces the other: three where there are nodes for it. */
const monitors = (replicas: number) => (replicas < 3 ? 1 : 3);

function disks(nodes: Record<string, string[]>, deviceFilter: string | undefined): Values {
  const named = Object.entries(nodes).map(([name, devices]) => ({ name, devices: devices.map((name) => ({ name })) }));
  if (deviceFilter) return { useAllNodes: true, useAllDevices: false, deviceFilter };
  return { useAllNodes: false, useAllDevices: false, nodes: named };
}

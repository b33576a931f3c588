import type { ChartPlan, ChartsInstall, Values } from "../../model/charts";
import { chartsInstall, mergeValues } from "../shared/charts";
import type { CephConfig } from "./config";

export const names = { namespace: "rook-ceph", pool: "block", files: "files", kms: "generated-passphrase" };

/** The operator prefixes the names of its drivers with its namespace. */
export const provisionerOf = (driver: "rbd" | "cephfs", namespace = names.namespace): string =>
  `${namespace}.${driver}.csi.ceph.com`;

const passphrase = "volume-encryption";
/**
 * The ConfigMap that the drivers read by default. For another name there is only a value that the chart writes into a
 * field that its kind doesn't have.
 */
const kmsConfig = "csi-kms-connection-details";

const rookCharts = "https://charts.rook.io/release";

/** The charts in order: the operator, the drivers, which are objects of its kind, and the cluster. */
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
  // Each volume has a key of its own, which is kept with the volume, encrypted with this passphrase.
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
      // Rook's operator writes its choice of images into this ConfigMap.
      imageSet: { name: "rook-csi-operator-image-set-configmap" },
      nodePlugin: { priorityClassName: "system-node-critical" },
      controllerPlugin: { priorityClassName: "system-cluster-critical" },
    },
  },
  drivers: { rbd: driver("rbd"), cephfs: driver("cephfs"), nfs: { enabled: false }, nvmeof: { enabled: false } },
};

function clusterValues({ replicas, path, nodes, deviceFilter }: CephConfig): Values {
  const replicated = { failureDomain: "host", replicated: { size: replicas } };
  // This program makes the classes, so that exactly one class is the default.
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

/** Monitors decide by majority, so their number is odd: three if there are enough nodes, otherwise one. */
const monitors = (replicas: number) => (replicas < 3 ? 1 : 3);

function disks(nodes: Record<string, string[]>, deviceFilter: string | undefined): Values {
  const named = Object.entries(nodes).map(([name, devices]) => ({ name, devices: devices.map((name) => ({ name })) }));
  if (deviceFilter) return { useAllNodes: true, useAllDevices: false, deviceFilter };
  return { useAllNodes: false, useAllDevices: false, nodes: named };
}

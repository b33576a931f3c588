import type { BackendDefaults } from "../../model/backend";
import type { ChartKeys, Values } from "../../model/chart-plan";
import type { ChartsInstall } from "../../model/charts";
import type { Fault } from "../../model/plan";
import { sourceFaults } from "../shared/chart-source";
import { valueFaults, type ValueRule } from "../shared/chart-values";
import { type ChartConfig, chartsInstall, kubeletDirectory, mainKeys, planChart } from "../shared/charts";
import { type CephConfig, driversCharts, rookCharts } from "./config";
import { names, provisionerOf } from "./names";
import { clusterRules, driversRules, operatorRules } from "./values";

const passphrase = "volume-encryption";
/**
 * The ConfigMap that the drivers read by default. For another name there is only a value that the chart writes into a
 * field that its kind doesn't have.
 */
const kmsConfig = "csi-kms-connection-details";

interface CephChart {
  chart: string;
  keys: ChartKeys;
  official: string;
  rules: ValueRule[];
  config(all: CephConfig): ChartConfig;
  ours(all: CephConfig, defaults: BackendDefaults): Values;
}

/** The charts in order: the operator, the drivers, which are objects of its kind, and the cluster. */
const cephCharts: CephChart[] = [
  {
    chart: "rook-ceph",
    keys: { ...mainKeys, chart: "operatorChart", values: "operatorValues" },
    official: rookCharts,
    rules: operatorRules,
    config: ({ version, repository, operatorChart: chart, operatorValues: values }) => ({
      version,
      repository,
      chart,
      values,
    }),
    ours: () => ({}),
  },
  {
    chart: "ceph-csi-drivers",
    keys: {
      version: "driversVersion",
      repository: "driversRepository",
      chart: "driversChart",
      values: "driversValues",
    },
    official: driversCharts,
    rules: driversRules,
    config: ({
      driversVersion: version,
      driversRepository: repository,
      driversChart: chart,
      driversValues: values,
    }) => ({ version, repository, chart, values }),
    ours: (all, defaults) => driverValues(kubeletDirectory(all, defaults)),
  },
  {
    chart: "rook-ceph-cluster",
    keys: mainKeys,
    official: rookCharts,
    rules: clusterRules,
    config: (all) => all,
    ours: clusterValues,
  },
];

/** What is wrong with where the charts come from, and with their values. */
export const chartFaults = (all: CephConfig): Fault[] =>
  cephCharts.flatMap(({ chart, keys, rules, config }) => {
    const own = config(all);
    // Rook's two charts share one repository, so `repository` may stand beside the chart of one of them.
    return [...sourceFaults(chart, { chart: own.chart }, keys), ...valueFaults(own.values, rules, keys.values)];
  });

export function cephInstall(all: CephConfig, defaults: BackendDefaults): ChartsInstall {
  const charts = cephCharts.map(({ chart, keys, official, config, ours }) =>
    planChart({ chart, official, keys, ours: ours(all, defaults) }, config(all), defaults),
  );
  // Each volume has a key of its own, which is kept with the volume, encrypted with this passphrase.
  const kms = { encryptionKMSType: "metadata", secretName: passphrase, secretNamespace: names.namespace };
  return chartsInstall({
    namespace: names.namespace,
    charts,
    secrets: all.encrypted ? [{ name: passphrase, credentials: [{ key: "encryptionPassphrase", length: 64 }] }] : [],
    configs: all.encrypted ? [{ name: kmsConfig, data: { [names.kms]: JSON.stringify(kms) } }] : [],
    protect: true,
  });
}

const driver = (kind: "rbd" | "cephfs") => ({
  enabled: true,
  name: provisionerOf(kind),
  snapshotPolicy: "volumeSnapshot",
});

const driverValues = (directory: string | undefined): Values => ({
  operatorConfig: {
    namespace: names.namespace,
    driverSpecDefaults: {
      // Rook's operator writes its choice of images into this ConfigMap.
      imageSet: { name: "rook-csi-operator-image-set-configmap" },
      nodePlugin: {
        priorityClassName: "system-node-critical",
        ...(directory !== undefined && { kubeletDirPath: directory }),
      },
      controllerPlugin: { priorityClassName: "system-cluster-critical" },
    },
  },
  drivers: { rbd: driver("rbd"), cephfs: driver("cephfs"), nfs: { enabled: false }, nvmeof: { enabled: false } },
});

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

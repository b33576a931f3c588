import { decided, staysOff, staysOn, type ValueRule } from "../shared/chart-values";
import { names, provisionerOf } from "./names";

const takesWithIt = "the definitions would go, and with them Rook's objects: the Ceph cluster and all its data";

/** Values of Rook's operator, as its values.yaml warns of them. */
export const operatorRules: ValueRule[] = [
  staysOn("crds.enabled", takesWithIt),
  staysOn("csi.installCsiOperator", "it runs the drivers, without which no volume can be mounted"),
];

const driverRules = (kind: "rbd" | "cephfs"): ValueRule[] => [
  staysOn(`drivers.${kind}.enabled`, `the stack's classes are for the driver ${provisionerOf(kind)}`),
  decided(`drivers.${kind}.name`, `the stack's classes are for the driver ${provisionerOf(kind)}`),
];

export const driversRules: ValueRule[] = [
  ...driverRules("rbd"),
  ...driverRules("cephfs"),
  decided("operatorConfig.namespace", `Rook and its drivers are in the namespace ${names.namespace}`),
  decided(
    "operatorConfig.driverSpecDefaults.nodePlugin.kubeletDirPath",
    "the key kubeletDirectory decides it; set that instead",
  ),
];

/** Helm deletes what a list no longer has, and a pool goes with all that is in it. */
const keepsPool = (path: string, pool: string): ValueRule => ({
  path,
  refuses: (value) =>
    !Array.isArray(value) || !value.some((entry) => (entry as { name?: unknown } | null)?.name === pool),
  because: `the list replaces ours, and without an entry "${pool}" Helm deletes that pool and all volumes in it`,
});

const wipes = "with it, removing the Ceph cluster wipes its disks; set it by hand, at the moment that you mean it";

export const clusterRules: ValueRule[] = [
  keepsPool("cephBlockPools", names.pool),
  keepsPool("cephFileSystems", names.files),
  decided("clusterName", "Helm would delete the Ceph cluster of the name before, which has the data"),
  decided("operatorNamespace", `Rook and its drivers are in the namespace ${names.namespace}`),
  decided("cephClusterSpec.dataDirHostPath", "the key path decides it; set that instead"),
  decided("cephClusterSpec.storage.useAllNodes", "the keys nodes and deviceFilter decide it; set those instead"),
  decided("cephClusterSpec.storage.nodes", "the key nodes decides it; set that instead"),
  decided("cephClusterSpec.storage.deviceFilter", "the key deviceFilter decides it; set that instead"),
  staysOff("cephClusterSpec.storage.useAllDevices", "Ceph would take every empty disk; use nodes or deviceFilter"),
  staysOff("cephClusterSpec.cleanupPolicy.confirmation", wipes),
  staysOff(
    "cephClusterSpec.cleanupPolicy.allowUninstallWithVolumes",
    "with it, the Ceph cluster can be removed while volumes are in use",
  ),
];

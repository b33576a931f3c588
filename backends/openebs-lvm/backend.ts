import { z } from "zod";
import { flag, object, oneOf, text } from "../../config/fields";
import { lvmChecks } from "./checks";
import { sourceFaults } from "../shared/chart-source";
import { decided, staysOn, valueFaults, type ValueRule } from "../shared/chart-values";
import { chartSettings, chartsInstall, createCharts, kubeletDirectory, mainKeys, planChart } from "../shared/charts";
import { driverDefinitions, snapshotDefinitions } from "../shared/definitions";
import type { ChartsInstall } from "../../model/charts";
import { classSettings, madeClass } from "../shared/classes";
import { mustBeEncrypted } from "../shared/encryption";
import type { Backend, BackendDefaults } from "../../model/backend";
import type { Fault } from "../../model/plan";

const groupForm = /^[A-Za-z0-9+_.][A-Za-z0-9+_.-]*$/;
const volumeGroup = text(
  (value) => {
    if (value.trim() === "") return "is empty; name the nodes' LVM volume group";
    return groupForm.test(value)
      ? undefined
      : `"${value}" is not a name of a volume group; use letters, digits, "+", "_", "." and "-"`;
  },
  { pattern: groupForm.source },
);

const official = "https://openebs.github.io/lvm-localpv";

const schema = object({
  type: z.literal("openebs-lvm"),
  ...classSettings,
  ...chartSettings("1.10.0", official),
  volumeGroup: volumeGroup.describe("LVM volume group of the nodes. Volumes are made on the nodes that have it."),
  thin: flag.default(false).describe("Space is taken when it is written, so that more can be promised than there is."),
  encrypted: mustBeEncrypted,
  fsType: oneOf(["ext4", "xfs", "btrfs"]).default("ext4").describe("File system of the volumes."),
});

type OpenEbsLvmConfig = z.infer<typeof schema>;

const namespaceOf = (name: string) => `${name}-storage`;
const capabilities = { expand: true, snapshot: true, enforcesSize: true, followsNode: true };

const holdsRecords = "its objects say which logical volume is whose, and they go with the definition";
const holdsSnapshots = "every VolumeSnapshot of the cluster would go with the definitions";

/** Values of lvm-localpv that would take data away; see the chart's values.yaml and that of its chart `crds`. */
const rules: ValueRule[] = [
  decided("lvmNode.kubeletDir", "the key kubeletDirectory decides it; set that instead"),
  staysOn("crds.enabled", holdsRecords),
  staysOn("crds.lvmLocalPv.enabled", holdsRecords),
  staysOn("crds.lvmLocalPv.keep", holdsRecords),
  staysOn("crds.csi.volumeSnapshots.keep", holdsSnapshots),
];

const check = (_name: string, { repository, chart, values }: OpenEbsLvmConfig): Fault[] => [
  ...sourceFaults("lvm-localpv", { repository, chart }, mainKeys),
  ...valueFaults(values, rules, "values"),
];

/** Both stay in the cluster when a release leaves them out: the chart marks them to be kept. */
const leavesOut = [
  { definitions: snapshotDefinitions, values: { crds: { csi: { volumeSnapshots: { enabled: false } } } } },
  { definitions: driverDefinitions, values: { crds: { lvmLocalPv: { enabled: false } } } },
];

function install(name: string, config: OpenEbsLvmConfig, defaults: BackendDefaults): ChartsInstall {
  const directory = kubeletDirectory(config, defaults);
  const ours = {
    analytics: { enabled: false },
    // The chart appends names to it without a slash.
    ...(directory !== undefined && { lvmNode: { kubeletDir: `${directory}/` } }),
  };
  return chartsInstall({
    namespace: namespaceOf(name),
    charts: [planChart({ chart: "lvm-localpv", official, ours, leavesOut }, config, defaults)],
    // The driver's objects record which logical volume belongs to which claim.
    protect: true,
  });
}

function parameters({ volumeGroup, thin, fsType }: OpenEbsLvmConfig): Record<string, string> {
  return { storage: "lvm", volgroup: volumeGroup, thinProvision: thin ? "yes" : "no", fsType };
}

/** Logical volumes, each on one node. Sizes are enforced, volumes grow and have snapshots, and there are no copies. */
export const backend: Backend<OpenEbsLvmConfig, ChartsInstall> = {
  type: "openebs-lvm",
  schema,
  capabilities: () => capabilities,
  accessModes: () => ["ReadWriteOnce", "ReadWriteOncePod"],
  accessModeReason: "a volume is a logical volume of one node, which other nodes can't mount",
  namespace: namespaceOf,
  classes: (name, config) => [
    madeClass(name, config, { provisioner: "local.csi.openebs.io", parameters: parameters(config) }),
  ],
  check,
  once: (config) => config.install,
  installs: (name, config, _volumes, defaults) => (config.install ? install(name, config, defaults) : undefined),
  create: createCharts,
  checks: lvmChecks,
};

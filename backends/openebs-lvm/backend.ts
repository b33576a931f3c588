import { z } from "zod";
import { flag, object, oneOf, text } from "../../config/fields";
import { lvmChecks } from "./checks";
import { chartSettings, chartsInstall, createCharts, mergeValues } from "../shared/charts";
import type { ChartsInstall } from "../../model/charts";
import { classSettings, madeClass } from "../shared/classes";
import { mustBeEncrypted } from "../shared/encryption";
import type { Backend } from "../../model/backend";

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

const schema = object({
  type: z.literal("openebs-lvm"),
  ...classSettings,
  ...chartSettings("1.10.0"),
  volumeGroup: volumeGroup.describe("LVM volume group of the nodes. Volumes are made on the nodes that have it."),
  thin: flag.default(false).describe("Space is taken when it is written, so that more can be promised than there is."),
  encrypted: mustBeEncrypted,
  fsType: oneOf(["ext4", "xfs", "btrfs"]).default("ext4").describe("File system of the volumes."),
});

type OpenEbsLvmConfig = z.infer<typeof schema>;

const namespaceOf = (name: string) => `${name}-storage`;
const capabilities = { expand: true, snapshot: true, enforcesSize: true, followsNode: true };

function install(name: string, { version, values }: OpenEbsLvmConfig): ChartsInstall {
  const ours = { analytics: { enabled: false } };
  return chartsInstall({
    namespace: namespaceOf(name),
    charts: [
      {
        release: "lvm-localpv",
        chart: "lvm-localpv",
        repository: "https://openebs.github.io/lvm-localpv",
        version,
        values: mergeValues(ours, values),
      },
    ],
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
  check: () => [],
  once: (config) => config.install,
  installs: (name, config) => (config.install ? install(name, config) : undefined),
  create: createCharts,
  checks: lvmChecks,
};

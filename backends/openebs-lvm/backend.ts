import { z } from "zod";
import { flag, nonEmpty, object, oneOf } from "../../config/fields";
import { lvmChecks } from "./checks";
import { chartSettings, mergeValues } from "../shared/charts";
import type { ChartsInstall } from "../../model/charts";
import { className, classSettings, planClass } from "../shared/classes";
import type { Backend } from "../../model/backend";

const schema = object({
  type: z.literal("openebs-lvm"),
  ...classSettings,
  ...chartSettings("1.10.0"),
  /** LVM volume group that the nodes have; volumes are made on those that have it. */
  volumeGroup: nonEmpty("name the nodes' LVM volume group").refine(
    (value) => /^[A-Za-z0-9+_.][A-Za-z0-9+_.-]*$/.test(value),
    {
      error: (issue) =>
        `${JSON.stringify(issue.input)} is no name of a volume group; use letters, digits, "+", "_", "." and "-"`,
    },
  ),
  /** Space is taken when it is written, so that more can be promised than there is. */
  thin: flag.default(false),
  fsType: oneOf(["ext4", "xfs", "btrfs"]).default("ext4"),
});

export type OpenEbsLvmConfig = z.infer<typeof schema>;

const namespaceOf = (name: string) => `${name}-storage`;
const capabilities = { expand: true, snapshot: true, enforcesSize: true, followsNode: true };

function install(name: string, { version, values }: OpenEbsLvmConfig): ChartsInstall {
  const ours = { analytics: { enabled: false } };
  return {
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
    secrets: [],
    configs: [],
    objects: [],
    // Its own objects say which logical volume is whose.
    protect: true,
  };
}

/** Logical volumes of one node: sizes that hold, growth and snapshots, and no copies. */
export const backend: Backend<OpenEbsLvmConfig> = {
  type: "openebs-lvm",
  schema,
  capabilities: () => capabilities,
  accessModes: () => ["ReadWriteOnce", "ReadWriteOncePod"],
  accessModeReason: "a volume is a logical volume of one node, which other nodes can't mount",
  namespace: namespaceOf,
  classes: (name, config) => [{ name: className(name, config), isDefault: config.default }],
  check: () => [],
  once: (config) => config.install,
  plan: (name, config) => {
    const parameters = {
      storage: "lvm",
      volgroup: config.volumeGroup,
      thinProvision: config.thin ? "yes" : "no",
      fsType: config.fsType,
    };
    return {
      name,
      type: "openebs-lvm",
      classes: [planClass(name, config, { provisioner: "local.csi.openebs.io", capabilities, parameters })],
      uses: [],
      ...(config.install && { install: install(name, config) }),
    };
  },
  install: () => (require("../../components/charts") as typeof import("../../components/charts")).Charts,
  checks: lvmChecks,
};

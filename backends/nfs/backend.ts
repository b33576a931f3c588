import { z } from "zod";
import { checked, list, matching, nonEmpty, object, oneOf, text } from "../../config/fields";
import { nodePath, pathForm } from "../../config/forms";
import { nfsChecks } from "./checks";
import { sourceFaults } from "../shared/chart-source";
import { decided, staysOff, valueFaults, type ValueRule } from "../shared/chart-values";
import { chartSettings, chartsInstall, createCharts, kubeletDirectory, mainKeys, planChart } from "../shared/charts";
import type { ChartsInstall } from "../../model/charts";
import { classSettings, madeClass } from "../shared/classes";
import { onFileShare } from "../shared/file-share";
import type { Backend, BackendDefaults } from "../../model/backend";
import type { Fault } from "../../model/plan";
import { snapshotDefinitions } from "../shared/definitions";

const hostForm = /^[A-Za-z0-9.:-]+$/;
const host = text(
  (value) => {
    if (value.trim() === "") return "is empty; name the NFS server";
    return hostForm.test(value)
      ? undefined
      : `"${value}" is not a host; write a name or an address here, and the path in share`;
  },
  { pattern: hostForm.source },
);

/** A share is the root of a server's exports or a directory below it. */
const share = checked<string>({ anyOf: [{ const: "/" }, { type: "string", pattern: pathForm }] }, (value) =>
  value === "/" ? undefined : nodePath.safeParse(value).error?.issues[0]?.message,
);

const official = "https://raw.githubusercontent.com/kubernetes-csi/csi-driver-nfs/master/charts";

const schema = object({
  type: z.literal("nfs"),
  ...classSettings,
  ...chartSettings("4.13.4", official),
  server: host.describe("The NFS server: a name or an address."),
  share: share.describe("The exported directory; each volume is a directory below it."),
  mountOptions: list(nonEmpty("name an option, for instance hard"))
    .default(["nfsvers=4.1", "hard"])
    .describe("Options that the nodes mount the volumes with."),
  mountPermissions: matching(
    /^0?[0-7]{3}$/,
    (value) => `"${value}" is not a mode; write octal digits in quotes, for instance "0770"`,
  )
    .optional()
    .meta({
      description: "Mode of a volume's directory, for a server that maps root to nobody; no pod's group is set there.",
      otherwise: "the pod's group owns the directory",
    }),
  onDelete: oneOf(["delete", "archive", "retain"])
    .default("delete")
    .describe("What becomes of a volume's directory, where `reclaimPolicy` is `Delete`."),
});

type NfsConfig = z.infer<typeof schema>;

const namespaceOf = (name: string) => `${name}-storage`;
// A claim that grows only changes a number, because the limit is the server's disk.
const capabilities = { expand: true, snapshot: true, enforcesSize: false, followsNode: false };

function parameters({ server, share, onDelete, mountPermissions }: NfsConfig): Record<string, string> {
  return { server, share, onDelete, ...(mountPermissions && { mountPermissions }) };
}

/**
 * A server that maps root to nobody: there the kubelet can't walk a directory that a service keeps to itself, as it
 * does for a pod's fsGroup, so a service that has made one would never start again.
 */
const withoutGroups = ({ mountPermissions }: NfsConfig) =>
  mountPermissions === undefined ? {} : { feature: { enableFSGroupPolicy: false } };

const classByProgram = "the program makes the class, so that exactly one is the default; set class and reclaimPolicy";

/** Values of csi-driver-nfs that would take away what the plan needs; see the chart's values.yaml. */
const rules: ValueRule[] = [
  staysOff("storageClass.create", classByProgram),
  { path: "storageClasses", refuses: (value) => Array.isArray(value) && value.length > 0, because: classByProgram },
  decided("driver.name", "the stack's classes name the driver nfs.csi.k8s.io, and would find none of another name"),
  decided("feature.enableFSGroupPolicy", "mountPermissions decides it; set that instead"),
  decided("kubeletDir", "the key kubeletDirectory decides it; set that instead"),
];

const check = (_name: string, { repository, chart, values }: NfsConfig): Fault[] => [
  ...sourceFaults("csi-driver-nfs", { repository, chart }, mainKeys),
  ...valueFaults(values, rules, "values"),
];

/** The chart makes them only with a snapshot controller, which `values` can switch on. */
const snapshots = {
  definitions: snapshotDefinitions,
  values: { externalSnapshotter: { customResourceDefinitions: { enabled: false } } },
};

function install(name: string, config: NfsConfig, defaults: BackendDefaults): ChartsInstall {
  const directory = kubeletDirectory(config, defaults);
  const ours = {
    storageClass: { create: false },
    ...withoutGroups(config),
    ...(directory !== undefined && { kubeletDir: directory }),
  };
  const { enabled } = (config.values.externalSnapshotter ?? {}) as { enabled?: unknown };
  const leavesOut = enabled === true ? [snapshots] : undefined;
  return chartsInstall({
    namespace: namespaceOf(name),
    charts: [planChart({ chart: "csi-driver-nfs", official, ours, leavesOut }, config, defaults)],
    // The data is on the server. Without the driver it only can't be mounted.
    protect: false,
  });
}

/** Directories of an NFS server's export. Pods on any node can share them. */
export const backend: Backend<NfsConfig, ChartsInstall> = {
  type: "nfs",
  schema,
  capabilities: () => capabilities,
  accessModes: () => ["ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod", "ReadOnlyMany"],
  accessModeReason: "NFS can do them all",
  namespace: namespaceOf,
  classes: (name, config) => [
    madeClass(name, config, {
      provisioner: "nfs.csi.k8s.io",
      parameters: parameters(config),
      mountOptions: config.mountOptions,
    }),
  ],
  check,
  claim: onFileShare,
  once: (config) => config.install,
  installs: (name, config, _volumes, defaults) => (config.install ? install(name, config, defaults) : undefined),
  create: createCharts,
  checks: nfsChecks,
};

import { z } from "zod";
import { count, flag, object, oneOf } from "../../config/fields";
import { nodePath } from "../../config/forms";
import type { Fault } from "../../model/plan";
import { longhornLeftovers } from "./check-leftovers";
import { longhornChecks } from "./checks";
import { backupFaults, backupSchema, jobObjects, jobSelector, jobsSchema } from "./backups";
import { sourceFaults } from "../shared/chart-source";
import { valueFaults } from "../shared/chart-values";
import { chartSettings, chartsInstall, createCharts, kubeletDirectory, mainKeys, planChart } from "../shared/charts";
import type { ChartsInstall } from "../../model/charts";
import { secretParameters } from "../shared/class-secrets";
import { classSettings, madeClass } from "../shared/classes";
import { onFileShare } from "../shared/file-share";
import type { Backend, BackendDefaults } from "../../model/backend";
import { longhornRules } from "./values";

const official = "https://charts.longhorn.io";

const schema = object({
  type: z.literal("longhorn"),
  ...classSettings,
  ...chartSettings("1.12.1", official),
  replicas: count(1, 10).default(3).describe("Copies of each volume, on as many nodes."),
  locality: oneOf(["disabled", "best-effort", "strict-local"])
    .default("best-effort")
    .describe("Whether a copy is kept on the pod's own node; `strict-local` keeps only that one (`replicas: 1`)."),
  dataPath: nodePath.default("/var/lib/longhorn").describe("Where the nodes keep the copies; a disk of its own."),
  fsType: oneOf(["ext4", "xfs"]).default("ext4").describe("File system of the volumes."),
  encrypted: flag
    .default(false)
    .describe("Volumes are encrypted with a generated key, which is kept in Pulumi's state and in the cluster."),
  backup: backupSchema.optional().meta({ description: "Where Longhorn keeps backups.", otherwise: "no backups" }),
  jobs: jobsSchema.describe("Jobs by name, for each volume of the class."),
});

type LonghornConfig = z.infer<typeof schema>;

const namespace = "longhorn-system";
const keySecret = "volume-encryption";

const capabilities = ({ locality }: LonghornConfig) => ({
  expand: true,
  snapshot: true,
  enforcesSize: true,
  followsNode: locality === "strict-local",
});

function check(_name: string, config: LonghornConfig): Fault[] {
  const faults: Fault[] = [];
  if (config.locality === "strict-local" && config.replicas !== 1) {
    faults.push({
      path: "locality",
      message:
        `strict-local keeps the only copy on the pod's node, but replicas is ${config.replicas}; say ` +
        "replicas: " +
        "1, or best-effort",
    });
  }
  for (const key of ["encrypted", "backup"] as const) {
    if (!config.install && config[key])
      faults.push({
        path: key,
        message: "belongs to the backend that installs Longhorn; set it there, or install: true here",
      });
  }
  return [
    ...faults,
    ...backupFaults(config),
    ...sourceFaults("longhorn", config, mainKeys),
    ...valueFaults(config.values, longhornRules, "values"),
  ];
}

function parameters(config: LonghornConfig): Record<string, string> {
  const { replicas, locality, fsType, encrypted, jobs } = config;
  const key = { provisioner: keySecret, "node-publish": keySecret, "node-stage": keySecret, "node-expand": keySecret };
  return {
    numberOfReplicas: String(replicas),
    dataLocality: locality,
    staleReplicaTimeout: "30",
    fsType,
    ...jobSelector(jobs),
    ...(encrypted && { encrypted: "true", ...secretParameters(key, namespace) }),
  };
}

function install(config: LonghornConfig, defaults: BackendDefaults): ChartsInstall {
  const { dataPath, encrypted, backup, jobs } = config;
  const directory = kubeletDirectory(config, defaults);
  const ours = {
    // This program makes the class, so that exactly one class is the default.
    persistence: { createStorageClass: false, defaultClass: false },
    defaultSettings: {
      defaultDataPath: dataPath,
      // Otherwise the pod of a dead node keeps its volume, and no other pod can replace it.
      nodeDownPodDeletionPolicy: "delete-both-statefulset-and-deployment-pod",
      upgradeChecker: false,
      allowCollectingLonghornUsageMetrics: false,
    },
    ...(directory !== undefined && { csi: { kubeletRootDir: directory } }),
    ...(backup && {
      defaultBackupStore: {
        backupTarget: backup.target,
        ...(backup.secret && { backupTargetCredentialSecret: backup.secret }),
      },
    }),
  };
  const credentials = [
    { key: "CRYPTO_KEY_VALUE", length: 64 },
    { key: "CRYPTO_KEY_PROVIDER", length: 0, value: "secret" },
  ];
  return chartsInstall({
    namespace,
    charts: [planChart({ chart: "longhorn", official, ours }, config, defaults)],
    secrets: encrypted ? [{ name: keySecret, credentials }] : [],
    objects: jobObjects(jobs),
    protect: true,
  });
}

/** Volumes with copies on several nodes. Longhorn makes the copies and repairs them. */
export const backend: Backend<LonghornConfig, ChartsInstall> = {
  type: "longhorn",
  schema,
  capabilities,
  accessModes: () => ["ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany"],
  accessModeReason: "Longhorn's volumes are attached to one node, or shared for writing by a server of its own",
  namespace: () => namespace,
  classes: (name, config) => [
    madeClass(name, config, { provisioner: "driver.longhorn.io", parameters: parameters(config) }),
  ],
  check,
  // Longhorn exports a volume for several nodes over NFS.
  claim: (request) => (request.accessMode === "ReadWriteMany" ? onFileShare(request) : {}),
  once: (config) => config.install,
  installs: (_name, config, _volumes, defaults) => (config.install ? install(config, defaults) : undefined),
  create: createCharts,
  checks: longhornChecks,
  clusterChecks: [longhornLeftovers],
};

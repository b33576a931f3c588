import { z } from "zod";
import { list, nodePath, nonEmpty, object, oneOf } from "../../config/fields";
import { nfsChecks } from "./checks";
import { chartSettings, chartsInstall, createCharts, mergeValues } from "../shared/charts";
import type { ChartsInstall } from "../../model/charts";
import { classSettings, madeClass } from "../shared/classes";
import { onFileShare } from "../shared/file-share";
import type { Backend } from "../../model/backend";

const host = nonEmpty("name the NFS server").refine((value) => /^[A-Za-z0-9.:-]+$/.test(value), {
  error: (issue) => `${JSON.stringify(issue.input)} is no host; write a name or an address, and the path in share`,
});

const schema = object({
  type: z.literal("nfs"),
  ...classSettings,
  ...chartSettings("4.13.4"),
  server: host,
  /** The exported directory; each volume is a directory below it. */
  share: z.union([z.literal("/"), nodePath], {
    error: (issue) => nodePath.safeParse(issue.input).error?.issues[0]?.message ?? "is no path",
  }),
  mountOptions: list(nonEmpty("name an option, for instance hard")).default(["nfsvers=4.1", "hard"]),
  /** Mode of a volume's directory, for a server that maps root to nobody; the pod's group owns it where unset. */
  mountPermissions: z
    .string()
    .regex(/^0?[0-7]{3}$/, {
      error: (issue) => `${JSON.stringify(issue.input)} is no mode; write octal digits in quotes, for instance "0770"`,
    })
    .optional(),
  /** What becomes of a volume's directory, where reclaimPolicy is Delete. */
  onDelete: oneOf(["delete", "archive", "retain"]).default("delete"),
});

type NfsConfig = z.infer<typeof schema>;

const namespaceOf = (name: string) => `${name}-storage`;
// Growing changes a number: the server's own disk is the limit.
const capabilities = { expand: true, snapshot: true, enforcesSize: false, followsNode: false };

function parameters({ server, share, onDelete, mountPermissions }: NfsConfig): Record<string, string> {
  return { server, share, onDelete, ...(mountPermissions && { mountPermissions }) };
}

function install(name: string, { version, values }: NfsConfig): ChartsInstall {
  const repository = "https://raw.githubusercontent.com/kubernetes-csi/csi-driver-nfs/master/charts";
  return chartsInstall({
    namespace: namespaceOf(name),
    charts: [
      {
        release: "csi-driver-nfs",
        chart: "csi-driver-nfs",
        repository,
        version,
        values: mergeValues({ storageClass: { create: false } }, values),
      },
    ],
    // The data is the server's; without the driver it is only not mounted.
    protect: false,
  });
}

/** Directories of an NFS server's export, which pods on any node share. */
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
  check: () => [],
  claim: onFileShare,
  once: (config) => config.install,
  installs: (name, config) => (config.install ? install(name, config) : undefined),
  create: createCharts,
  checks: nfsChecks,
};

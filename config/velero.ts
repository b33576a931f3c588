import { flag, object } from "./fields";

/** The section `cluster-storage:velero`. */
export const veleroSchema = object({
  fileSystemBackup: flag
    .default(false)
    .describe(
      "Pods say by annotations which of their volumes Velero's file-system backup takes, and how their data stands " +
        "still meanwhile. Switching it on or off starts every service again.",
    ),
});

/** `velero` of a service. */
export const velero = flag.optional().meta({
  description:
    "Whether Velero's file-system backup takes its volumes, where `cluster-storage:velero` has it switched on " +
    "(docs/velero.md). `true` takes those too that the stack's own backups cover.",
  otherwise: "the volumes that nothing else covers",
});

import * as pulumi from "@pulumi/pulumi";
import type { LastUpdate } from "./previous";

/** With this variable set to "true" an update makes what its backups need, and no service. */
export const backupsOnlyVariable = "CLUSTER_STORAGE_BACKUPS_ONLY";

/**
 * Whether only what the backups need is made: a command reads from the points what the services have to be made with.
 * @throws RunError where the stack has services already, which such an update would take away
 */
export function backupsOnly({ known, rotations }: Pick<LastUpdate, "known" | "rotations">): boolean {
  if (process.env[backupsOnlyVariable] !== "true" || pulumi.runtime.isDryRun()) return false;
  // A service may have no claim, and all of its data in its pod's own directory.
  if (Object.keys(known).length + Object.keys(rotations).length === 0) return true;
  throw new pulumi.RunError(
    `the stack has services, so unset the variable ${backupsOnlyVariable}\nNothing was changed.`,
  );
}

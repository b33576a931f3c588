import type { types } from "@pulumi/kubernetes";
import { backupName, backupsName } from "../model/backup";
import type { BackupPlan, BackupsPlan } from "../model/backups";
import type { MoverPlan, ServicePlan } from "../model/plan";
import { ownAmounts } from "../plan/pod-room";
import { passFields } from "../plan/settings/pod";
import { repositoryPod } from "./repository-pod";

/** restic keeps the repository's index in memory, and the program the list of all files. */
const enough = { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "1Gi" } };

/**
 * The pod that backs a service up, as the service's own user, so that what it stages has the owner that the data has.
 * It has the room for all of the data.
 */
export function backupPod(
  service: ServicePlan,
  { task }: BackupPlan,
  backups: BackupsPlan,
  mover: MoverPlan,
): types.input.core.v1.PodSpec {
  // Secrets with the logins of registries are in the service's namespace, and this pod isn't.
  const { imagePullSecrets: _, ...passes } = passFields(service.pod);
  const staged = service.claims.map((claim) => ({ ...claim, ephemeral: true }));
  return repositoryPod({
    identity: service.identity,
    account: backupName(task.service),
    program: "backup.mjs",
    env: { BACKUP: JSON.stringify(task) },
    amounts: ownAmounts({ container: { resources: enough }, claims: staged }),
    secret: backupsName,
    repository: backups.repository,
    backups,
    mover,
    more: passes,
  });
}

import { CronJob } from "@pulumi/kubernetes/batch/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { backupsName } from "../model/backup";
import type { BackupsPlan } from "../model/backups";
import { careName } from "../model/care";
import { selector } from "../model/metadata";
import type { MoverPlan, Owner } from "../model/plan";
import { careHomeRights } from "../plan/backup-rights";
import { nodeRoomOf } from "../plan/pod-room";
import { createNoteReader, giveRights } from "./give-rights";
import { carePolicy } from "./network";
import { nobody } from "./pod-defaults";
import { repositoryJob } from "./repository-job";
import { repositoryPod } from "./repository-pod";
import { repositorySecret } from "./repository-secret";

/**
 * restic keeps the repository's index in memory, and on the disk copies of what it reads again and again: the lists of
 * all files, and packs that it writes anew.
 */
const amounts = {
  requests: { cpu: "50m", memory: "128Mi", "ephemeral-storage": "64Mi" },
  limits: { memory: "1Gi", "ephemeral-storage": nodeRoomOf(["6Gi"]) },
};

/** The pod that cares for the repository. It has no data of any service. */
export const carePod = (backups: BackupsPlan, mover: MoverPlan): types.input.core.v1.PodSpec =>
  repositoryPod({
    identity: nobody,
    account: careName,
    program: "care.mjs",
    env: { CARE: JSON.stringify(backups.care.task) },
    amounts,
    secret: backups.care.prune ? careName : backupsName,
    repository: backups.care.prune?.repository ?? backups.repository,
    backups,
    mover,
  });

/**
 * Cares for the repository on schedule. Where another login removes points, only its pod has that. `after`: what all
 * backups share.
 */
export function createCare(
  { owner, backups, mover }: { owner: Owner; backups: BackupsPlan; mover: MoverPlan },
  after: pulumi.Resource[],
  parent: pulumi.Resource,
): void {
  const { namespace, care } = backups;
  const reader = { owner, component: "backup", name: careName, namespace };
  const { home, account, subject, given } = createNoteReader(reader, care.task.services, parent);
  const own = care.prune
    ? [
        repositorySecret(careName, home, care.prune, parent),
        new NetworkPolicy(
          careName,
          { metadata: home, spec: carePolicy(selector(careName), care.prune.server) },
          { parent },
        ),
      ]
    : [];
  const pod = carePod(backups, mover);
  new CronJob(careName, repositoryJob({ owner, app: careName, namespace, schedule: care.schedule, pod }), {
    parent,
    dependsOn: [
      ...after,
      ...own,
      account,
      ...given,
      ...giveRights(careName, home, careHomeRights(backupsName), subject, parent),
    ],
  });
}

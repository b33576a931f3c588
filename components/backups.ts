import { CronJob } from "@pulumi/kubernetes/batch/v1";
import { ConfigMap, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import * as pulumi from "@pulumi/pulumi";
import { backupName, backupsName } from "../model/backup";
import type { BackupsPlan } from "../model/backups";
import { metadata } from "../model/metadata";
import type { MoverPlan, Owner, ServicePlan } from "../model/plan";
import { servedName } from "../model/served-repository";
import { backupRights, leaseRights } from "../plan/backup-rights";
import { backupPod } from "./backup-pod";
import { createCare } from "./care";
import { giveRights } from "./give-rights";
import { createMetrics } from "./metrics";
import { backupPrograms } from "./mover-programs";
import { backupPolicy } from "./network";
import { repositoryPrograms } from "./repository-files";
import { repositoryJob } from "./repository-job";
import { repositorySecret } from "./repository-secret";
import { ServedRepository } from "./served-repository";

export interface BackupsArgs {
  owner: Owner;
  backups: BackupsPlan;
  services: ServicePlan[];
  mover: MoverPlan;
  /** Ports of the API server beside the usual ones. */
  apiPorts?: number[];
  /** What has to be there before a claim is made. Default: nothing. */
  claimsAfter?: pulumi.Resource[];
}

/** Backs services up on schedule: a CronJob for each, in a namespace of their own, all to one repository. */
export class Backups extends pulumi.ComponentResource {
  constructor(name: string, args: BackupsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-storage:index:Backups", name, {}, opts);
    const { owner, backups, services, mover, apiPorts, claimsAfter = [] } = args;
    const { namespace, repository, server } = backups;
    const child = { parent: this };
    const meta = metadata(owner, backupsName, "backup", backupsName, namespace);
    const { served } = backups;
    const before = served
      ? [new ServedRepository(servedName, { owner, backups: { ...backups, served }, mover, claimsAfter }, child)]
      : [];
    // A server of the stack's own has to take a login before anything has it.
    const secret = repositorySecret(backupsName, meta, backups, this, before);
    const programs = new ConfigMap(
      backupsName,
      { metadata: meta, data: { ...backupPrograms(), ...repositoryPrograms(repository) } },
      child,
    );
    const policy = new NetworkPolicy(backupsName, { metadata: meta, spec: backupPolicy(server, apiPorts) }, child);
    const backedUp = services.flatMap((service) => (service.backup ? [{ service, backup: service.backup }] : []));
    for (const { service, backup } of backedUp) {
      const app = backupName(service.name);
      const own = metadata(owner, app, "backup", app, namespace);
      const account = new ServiceAccount(app, { metadata: own, automountServiceAccountToken: false }, child);
      const there = metadata(owner, app, "backup", app, service.namespace);
      const subject = { name: app, namespace };
      const given = [
        ...giveRights(app, there, backupRights(backup.task), subject, this),
        ...giveRights(`${app}-lease`, own, leaseRights(backupsName), subject, this),
      ];
      const pod = backupPod(service, backup, backups, mover);
      new CronJob(app, repositoryJob({ owner, app, namespace, schedule: backup.schedule, pod }), {
        parent: this,
        dependsOn: [secret, programs, policy, account, ...given],
      });
    }
    createCare({ owner, backups, mover }, [secret, programs, policy], this);
    createMetrics({ owner, backups, mover }, [programs, policy], this);
    this.registerOutputs();
  }
}

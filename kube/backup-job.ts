import type { V1CronJob, V1Job } from "@kubernetes/client-node";
import type { BackupAct, BackupTask, InspectTask, KeysTask } from "../model/backup";
import type { CareAct } from "../model/care";
import type { Identity } from "../model/container";

/** What a job is to do; `inspect` and `keys`: of those acts; `ids`: of `forget` and `repair`. */
export interface Wanted {
  act: BackupAct | CareAct;
  inspect?: InspectTask;
  ids?: string[];
  keys?: KeysTask;
  /** Of a service without a backup: another one's job looks for it, as the user that its files belong to. */
  of?: { service: string; namespace: string; identity: Identity };
}

/** The job that a CronJob would make, to run now. The CronJob owns it, so it goes when later ones have run. */
export function jobOf(cronJob: V1CronJob, { act, inspect, ids, keys, of }: Wanted): V1Job & { metadata: object } {
  const { name = "", namespace, uid: owner = "" } = cronJob.metadata ?? {};
  const template = structuredClone(cronJob.spec?.jobTemplate);
  const container = template?.spec?.template.spec?.containers[0];
  const now = [
    { name: "BACKUP_ACT", value: act },
    { name: "BACKUP_NOW", value: "true" },
    ...(inspect ? [{ name: "BACKUP_INSPECT", value: JSON.stringify(inspect) }] : []),
    ...(ids ? [{ name: "CARE_IDS", value: JSON.stringify(ids) }] : []),
    ...(keys ? [{ name: "BACKUP_KEYS", value: JSON.stringify(keys) }] : []),
  ];
  const pod = template?.spec?.template.spec;
  if (of && pod) {
    const { uid, gid } = of.identity;
    pod.securityContext = { ...pod.securityContext, runAsUser: uid, runAsGroup: gid, fsGroup: gid };
    for (const variable of container?.env ?? [])
      if (variable.name === "BACKUP") variable.value = JSON.stringify(taskFor(variable.value, of));
  }
  if (container) container.env = [...(container.env ?? []), ...now];
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      generateName: `${name}-${act === "make" ? "now" : act}-`,
      namespace,
      labels: cronJob.metadata?.labels,
      annotations: { ...cronJob.metadata?.annotations, "cronjob.kubernetes.io/instantiate": "manual" },
      ownerReferences: [{ apiVersion: "batch/v1", kind: "CronJob", name, uid: owner, controller: true }],
    },
    // Somebody waits for it, so its first failure is told at once.
    spec: { ...template?.spec, backoffLimit: 0 } as V1Job["spec"],
  };
}

/** Another service's secrets stay its own, so what is looked for has no keys. */
function taskFor(task: string | undefined, { service, namespace }: NonNullable<Wanted["of"]>): object {
  const { keys: _, ...rest } = JSON.parse(task ?? "{}") as Partial<BackupTask>;
  return { ...rest, service, namespace };
}

import type {
  V1ConfigMap,
  V1Container,
  V1CronJob,
  V1NetworkPolicy,
  V1PodSpec,
  V1Secret,
} from "@kubernetes/client-node";
import type { Kube } from "../../kube/client";
import { backupsName } from "../../model/backup";
import type { RestoreTask } from "../../model/restore";

/** What a restore beside a service is made of: the objects of the stack's backups, as the cluster has them. */

/** What all backups of the stack share, with which a pod opens the repository. */
export interface OpensRepository {
  secret: Pick<V1Secret, "data">;
  programs: Pick<V1ConfigMap, "data">;
  policy: Pick<V1NetworkPolicy, "spec">;
}

/** Reads it. `namespace`: that of the stack's backups. */
export async function readOpens({ core, objects }: Kube, namespace: string): Promise<OpensRepository> {
  const metadata = { name: backupsName, namespace };
  const [secret, programs, policy] = await Promise.all([
    core.readNamespacedSecret(metadata),
    core.readNamespacedConfigMap(metadata),
    objects.read({ apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata }),
  ]);
  return { secret, programs, policy: policy as V1NetworkPolicy };
}

/**
 * The pod of a service's backup, as the default account of another namespace runs it, and its container without what it
 * is told to back up. Throws where the CronJob has none.
 */
export function podOfBackup(cronJob: V1CronJob, service: string): { spec: V1PodSpec; container: V1Container } {
  const spec = structuredClone(cronJob.spec?.jobTemplate.spec?.template.spec);
  const [container] = spec?.containers ?? [];
  if (!spec || !container) throw new Error(`the CronJob of ${service} has no pod`);
  const env = (container.env ?? []).filter(({ name }) => name !== "BACKUP");
  return {
    spec: { ...spec, serviceAccountName: "default", automountServiceAccountToken: false },
    container: { ...container, env },
  };
}

/** A backup's container that restores to a volume of its pod instead, which is mounted under its own name. */
export function restoring(container: V1Container, task: RestoreTask, volume: string): V1Container {
  const target = `/${volume}`;
  return {
    ...container,
    command: ["node", "/programs/restore.mjs", "copy"],
    env: [{ name: "RESTORE", value: JSON.stringify({ ...task, target }) }, ...(container.env ?? [])],
    volumeMounts: [...(container.volumeMounts ?? []), { name: volume, mountPath: target }],
  };
}

import type {
  V1ConfigMap,
  V1CronJob,
  V1Job,
  V1NetworkPolicy,
  V1PersistentVolumeClaim,
  V1Secret,
} from "@kubernetes/client-node";
import { pointOrigin, type RestoreTask } from "../../model/restore";
import type { VolumePlan } from "../../model/storage";
import { podOfBackup, restoring, type OpensRepository } from "./of-backup";

/** What brings a point to a claim beside a service: made by the command, and by no stack. */

/** On a claim that a point was brought to beside the service: which point, and of which service. */
export const scratchAnnotation = "cluster-storage/scratch";

/** What all backups of the stack share, as the cluster has it. */
export interface Shared extends OpensRepository {
  cronJob: V1CronJob;
}

export interface ScratchPlan {
  /** The claim's name. */
  name: string;
  /** The volume in use, which the claim is like. */
  like: VolumePlan;
  task: RestoreTask;
}

const target = "target";
const managed = { "app.kubernetes.io/managed-by": "cluster-storage" };
/** The name of the job and of what it needs. */
const scratchJob = (name: string) => `${name}-restore`;

export const scratchClaim = ({ name, like, task: { point, of } }: ScratchPlan): V1PersistentVolumeClaim => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: {
    name,
    namespace: like.namespace,
    labels: managed,
    annotations: { ...like.annotations, [scratchAnnotation]: `${pointOrigin(point)} of ${of}` },
  },
  spec: {
    accessModes: [like.accessMode],
    ...(like.className !== undefined && { storageClassName: like.className }),
    resources: { requests: { storage: like.size } },
  },
});

/**
 * The job: the pod of the service's backup, with the claim, and the program that restores. It begins once it is let,
 * because what opens the repository belongs to it, and goes with it.
 */
export function jobOfScratch({ name, like: { namespace }, task }: ScratchPlan, { cronJob }: Shared): V1Job {
  const job = scratchJob(name);
  const { spec, container } = podOfBackup(cronJob, task.service);
  const own: Record<string, object> = {
    programs: { configMap: { name: job } },
    repository: { secret: { secretName: job, defaultMode: 0o440 } },
  };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: job, namespace, labels: managed },
    spec: {
      suspend: true,
      backoffLimit: 2,
      // Where nobody waits for it any more, it goes by itself, with what opens the repository.
      ttlSecondsAfterFinished: 600,
      template: {
        metadata: { labels: { ...managed, "batch.kubernetes.io/restores": job } },
        spec: {
          ...spec,
          containers: [restoring(container, task, target)],
          volumes: [
            ...(spec.volumes ?? []).map((volume) => ({ ...volume, ...own[volume.name] })),
            { name: target, persistentVolumeClaim: { claimName: name } },
          ],
        },
      },
    },
  };
}

/** What the job needs beside itself, all of which goes with it. `uid`: the job's. */
export function needsOfScratch(
  { name, like: { namespace } }: ScratchPlan,
  { secret, programs, policy }: Shared,
  uid: string,
): [V1Secret, V1ConfigMap, V1NetworkPolicy] {
  const job = scratchJob(name);
  const ownerReferences = [{ apiVersion: "batch/v1", kind: "Job", name: job, uid }];
  const metadata = { name: job, namespace, labels: managed, ownerReferences };
  return [
    { apiVersion: "v1", kind: "Secret", metadata, data: secret.data },
    { apiVersion: "v1", kind: "ConfigMap", metadata, data: programs.data },
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata,
      spec: { ...policy.spec, podSelector: { matchLabels: { "batch.kubernetes.io/restores": job } } },
    },
  ];
}

/** Why the job failed, of the last words of its pod. */
export function reasonIn(last: string): string {
  try {
    return (JSON.parse(last) as { error?: string }).error ?? last;
  } catch {
    return last;
  }
}

import type { V1CronJob, V1Job, V1Pod } from "@kubernetes/client-node";
import type { Kube } from "../../kube/client";
import { stuckOn } from "../../kube/stuck";
import type { ServiceOutput } from "../pulumi/outputs";

/** What the cluster has of a service's clean-up. */
export interface CleanupObjects {
  /** Undefined: somebody deleted it. */
  cronJob: V1CronJob | undefined;
  /** Its runs, newest first. */
  jobs: V1Job[];
  pods: V1Pod[];
}

/** Reads a service's clean-up; undefined where the stack has none. */
export async function readCleanup(
  { core, objects }: Kube,
  { namespace, cleanup }: ServiceOutput,
): Promise<CleanupObjects | undefined> {
  if (cleanup === undefined) return undefined;
  const list = async <T extends V1CronJob | V1Job>(kind: string) =>
    (await objects.list<T>("batch/v1", kind, namespace)).items;
  const [cronJobs, jobs, pods] = await Promise.all([
    list<V1CronJob>("CronJob"),
    list<V1Job>("Job"),
    core.listNamespacedPod({ namespace, labelSelector: `app.kubernetes.io/name=${cleanup}` }),
  ]);
  const cronJob = cronJobs.find(({ metadata }) => metadata?.name === cleanup);
  const own = jobs.filter(({ metadata }) =>
    metadata?.ownerReferences?.some(({ uid }) => uid === cronJob?.metadata?.uid),
  );
  return { cronJob, jobs: own.sort((a, b) => madeAt(b) - madeAt(a)), pods: pods.items };
}

const madeAt = ({ metadata }: V1Job) => new Date(metadata?.creationTimestamp ?? 0).getTime();

/** Why a clean-up doesn't do its work, and the way out; undefined where nothing is known against it. */
export function cleanupTrouble({ namespace, cleanup }: ServiceOutput, found: CleanupObjects): string | undefined {
  const { cronJob, jobs, pods } = found;
  const its = `its clean-up, the CronJob ${namespace}/${cleanup},`;
  if (!cronJob) return `${its} is not in the cluster, so old files stay; pulumi up --refresh makes it again`;
  if (cronJob.spec?.suspend)
    return (
      `${its} is suspended, so old files stay; let it run again: ` +
      `kubectl -n ${namespace} patch cronjob ${cleanup} -p '{"spec":{"suspend":false}}'`
    );
  const [last] = jobs;
  const failed = last?.status?.conditions?.find(({ type, status }) => type === "Failed" && status === "True");
  if (failed)
    return (
      `the last run of ${its} failed (${failed.reason ?? "no reason given"}), so old files stay; what it printed: ` +
      `kubectl -n ${namespace} logs job/${last?.metadata?.name}`
    );
  const waiting = pods.find((pod) => belongs(pod, last) && isStuck(pod));
  if (!waiting) return undefined;
  const why = stuckOn(waiting, []);
  const wayOut = /Image/.test(why) ? "; name an image that the nodes can pull in cluster-storage:mover.image" : "";
  return `${its} can't run, so old files stay: ${why}${wayOut}`;
}

const belongs = ({ metadata }: V1Pod, job: V1Job | undefined) =>
  metadata?.ownerReferences?.some(({ uid }) => uid === job?.metadata?.uid) ?? false;

/** Not a pod that is only about to start. */
function isStuck({ status }: V1Pod): boolean {
  const reasons = (status?.containerStatuses ?? []).map(({ state }) => state?.waiting?.reason ?? "");
  const unscheduled = status?.conditions?.some(({ type, status }) => type === "PodScheduled" && status === "False");
  return (unscheduled ?? false) || reasons.some((reason) => /Image|CreateContainer|RunContainer/.test(reason));
}

import type { V1Job, V1Pod } from "@kubernetes/client-node";
import { errorCode, type Kube } from "../../kube/client";
import { overdueSince } from "../../model/cron-times";
import { formatTime } from "../terminal/age";
import type { ServiceOutput } from "../pulumi/outputs";
import type { newestOf } from "./decide";

type Backup = NonNullable<ServiceOutput["backup"]>;
type Newest = Pick<ReturnType<typeof newestOf>, "done" | "failed">;

/** What the cluster has of a service's backup runs. */
export interface Runs {
  jobs: V1Job[];
  pods: V1Pod[];
}

/** Reads the runs; none for credentials that may not see the namespace of the backups. */
export async function readRuns({ core, objects }: Kube, { namespace, cronJob }: Backup): Promise<Runs> {
  const labelSelector = `app.kubernetes.io/name=${cronJob}`;
  try {
    const [jobs, pods] = await Promise.all([
      objects.list<V1Job>("batch/v1", "Job", namespace),
      core.listNamespacedPod({ namespace, labelSelector }),
    ]);
    // The other acts of the same CronJob, such as a list of the points, make no point.
    const makes = new RegExp(`^${cronJob}-(now-.+|\\d+)$`);
    return { jobs: jobs.items.filter(({ metadata }) => makes.test(metadata?.name ?? "")), pods: pods.items };
  } catch (error) {
    if (errorCode(error) === 403) return { jobs: [], pods: [] };
    throw error;
  }
}

/** When the newest of a service's claims was made, by the times of all; undefined where none is known. */
export const madeAt = (created: readonly (Date | string)[]): Date | undefined =>
  created.length === 0 ? undefined : new Date(Math.max(...created.map((at) => new Date(at).getTime())));

/**
 * What the notes on a service's claims don't say of its backups: a run that ended without a note, because its pod could
 * not start or was killed, and a point that is overdue. `since`: when the service's claims were made.
 */
export function unnoted(
  { schedule, namespace }: Backup,
  { done, failed }: Newest,
  { jobs, pods }: Runs,
  { since, now }: { since?: Date; now: Date },
): string[] {
  const lines: string[] = [];
  const noted = Math.max(done?.at.getTime() ?? 0, failed?.at.getTime() ?? 0);
  const [last] = jobs
    .flatMap((job) => {
      const end = job.status?.conditions?.find(({ type, status }) => type === "Failed" && status === "True");
      return end ? [{ job, end, at: new Date(end.lastTransitionTime ?? 0) }] : [];
    })
    .filter(({ job, at }) => new Date(job.metadata?.creationTimestamp ?? at).getTime() > noted)
    .sort((a, b) => b.at.getTime() - a.at.getTime());
  if (last) {
    const name = last.job.metadata?.name ?? "";
    const why = whyOf(name, pods) ?? last.end.message ?? last.end.reason;
    lines.push(
      `a run ended without a note (${formatTime(last.at)}): ${why}; kubectl -n ${namespace} describe job ${name}`,
    );
  }
  const newest = done?.at ?? since;
  const due = newest && overdueSince(schedule, newest, now);
  const running = jobs.some(({ status }) => (status?.active ?? 0) > 0);
  if (due) lines.push(`its point of ${formatTime(due)} is overdue${running ? "; a run is under way" : ""}`);
  return lines;
}

/** What killed a job's pod; undefined where no pod of it is left. */
function whyOf(job: string, pods: readonly V1Pod[]): string | undefined {
  const pod = pods.find(({ metadata }) => metadata?.labels?.["batch.kubernetes.io/job-name"] === job);
  const ended = pod?.status?.containerStatuses?.[0]?.state?.terminated;
  if (!ended) return pod?.status?.message;
  return `its pod was ended (${ended.reason ?? "no reason given"}, exit code ${ended.exitCode})`;
}

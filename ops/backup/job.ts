import type { KubernetesObject, V1CronJob, V1Job, V1Pod } from "@kubernetes/client-node";
import { jobOf, type Wanted } from "../../kube/backup-job";
import { UserError } from "../../model/user-error";
import { errorCode, failureOf, type Kube } from "../../kube/client";
import { deleteInForeground } from "../../kube/delete";
import { stuckOn } from "../../kube/stuck";
import { followJobs, type JobRef } from "../move/follow";
import { NotYet, waitFor } from "../terminal/wait";
import type { BackedUpService } from "./decide";

/** The CronJob of a service's backup. */
export interface CronJobRef {
  namespace: string;
  cronJob: string;
}

/**
 * Runs a service's backup job now, prints what it says, and waits for its end. Returns why it failed; undefined where
 * it went well.
 */
export async function runNow(
  kube: Kube,
  { namespace, cronJob }: CronJobRef,
  wanted: Wanted,
  say: (line: string) => void,
): Promise<string | undefined> {
  const found = await readCronJob(kube, { namespace, cronJob });
  const { metadata } = (await kube.objects.create(jobOf(found, wanted))) as V1Job;
  return awaitJob(kube, { namespace, job: metadata?.name ?? "" }, say);
}

/**
 * Runs such a job for what it prints. Returns that, and why it failed; undefined where it went well. `say` is given
 * what keeps the job from starting; default: nobody hears of it.
 */
export async function linesOf(
  kube: Kube,
  job: CronJobRef,
  wanted: Wanted,
  say: (line: string) => void = () => undefined,
): Promise<{ lines: string[]; failed: string | undefined }> {
  const lines: string[] = [];
  const failed = await runNow(kube, job, wanted, (line) => (line.startsWith(waiting) ? say(line) : lines.push(line)));
  return { lines, failed };
}

/** Makes a point of a service now. Returns why there is none; undefined where there is one. */
export const makePointNow = (
  kube: Kube,
  [name, { backup }]: BackedUpService,
  say: (line: string) => void,
): Promise<string | undefined> =>
  // Why it failed comes once more, as what the job has left behind.
  runNow(kube, backup, { act: "make" }, (line) => line.startsWith(`${name} was not`) || say(line));

/**
 * Makes a suspended job, then what it needs, which belongs to the job of that uid; lets it run, and removes all of it
 * at its end. Returns why it failed; undefined where it went well.
 */
export async function runWithNeeds(
  kube: Kube,
  job: V1Job,
  needs: (uid: string) => readonly KubernetesObject[],
  say: (line: string) => void,
): Promise<string | undefined> {
  const create = (object: KubernetesObject) => kube.objects.create(object as KubernetesObject & { metadata: object });
  const { name = "", namespace = "", uid = "" } = (await create(job)).metadata ?? {};
  const ref = { apiVersion: "batch/v1", kind: "Job", metadata: { name, namespace } };
  try {
    for (const object of needs(uid)) await create(object);
    await kube.objects.patch({ ...ref, ...{ spec: { suspend: false } } });
    return await awaitJob(kube, { namespace, job: name }, say);
  } finally {
    await deleteInForeground(kube, ref, uid);
  }
}

/** Prints what a job says, and waits for its end. Returns why it failed; undefined where it went well. */
async function awaitJob(kube: Kube, job: JobRef, say: (line: string) => void): Promise<string | undefined> {
  const ended = new AbortController();
  const following = followJobs(kube, [job], say, ended.signal);
  try {
    const failed = await endOf(kube, job.namespace, job.job, say);
    ended.abort();
    const [last] = (await following).slice(-1);
    return failed ? (last ?? failed) : undefined;
  } finally {
    ended.abort();
  }
}

/** Reads the CronJob of a service's backup. Throws a UserError where it isn't there. */
export async function readCronJob({ objects }: Kube, { namespace, cronJob: name }: CronJobRef): Promise<V1CronJob> {
  try {
    return (await objects.read({
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: { name, namespace },
    })) as V1CronJob;
  } catch (error) {
    if (errorCode(error) !== 404) throw error;
    throw new UserError(`the CronJob ${namespace}/${name} is not in the cluster; pulumi up --refresh makes it again`);
  }
}

/**
 * Why the job failed; undefined where it didn't. Its own deadline bounds the wait, also while the API server is away.
 * Meanwhile it says what keeps the job's pod from starting.
 */
function endOf(kube: Kube, namespace: string, name: string, say: (line: string) => void): Promise<string | undefined> {
  const stuck = new Set<string>();
  const look = async () => {
    const job = (await kube.objects.read({
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name, namespace },
    })) as V1Job;
    const condition = (type: string) =>
      job.status?.conditions?.find((each) => each.type === type && each.status === "True");
    if (condition("Complete")) return undefined;
    const failed = condition("Failed");
    if (failed) return `the job ${namespace}/${name} failed: ${failed.message ?? failed.reason ?? "no reason given"}`;
    const labelSelector = `batch.kubernetes.io/job-name=${name}`;
    const { items } = await kube.core.listNamespacedPod({ namespace, labelSelector });
    const told = items.flatMap((pod) => waitsFor(pod, new Date()) ?? []).filter((line) => !stuck.has(line));
    for (const line of told) {
      stuck.add(line);
      say(line);
    }
    throw new NotYet(`the job ${namespace}/${name} has not ended`);
  };
  const patient = () =>
    look().catch((error: unknown) => {
      if (error instanceof NotYet) throw error;
      if (errorCode(error) === 404) throw new UserError(`somebody has deleted the job ${namespace}/${name}`);
      throw new NotYet(failureOf(error));
    });
  return waitFor(patient, { patience: 24 * 3600_000, every: 1000 });
}

const waiting = "waiting ";

/** What keeps a pod from starting; undefined in its first seconds, and once it has started. */
export function waitsFor(pod: V1Pod, now: Date): string | undefined {
  const age = now.getTime() - new Date(pod.metadata?.creationTimestamp ?? now).getTime();
  if (pod.status?.phase !== "Pending" || age < 10_000) return undefined;
  return `${waiting}for ${stuckOn(pod, [])}`;
}

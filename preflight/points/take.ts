import { setTimeout as delay } from "node:timers/promises";
import type { V1CronJob, V1Job, V1Pod } from "@kubernetes/client-node";
import * as pulumi from "@pulumi/pulumi";
import type { Answer, Api } from "../../kube/api";
import { jobOf } from "../../kube/backup-job";
import { readList } from "../../kube/lists";
import { freshFor, noPointVariable, whyNoPoint, withoutPoint } from "../../model/no-point";
import { clockPatience } from "../../model/retention";
import { pathText } from "../../model/config-path";
import { movingAnnotation } from "../../model/metadata";
import type { Fault } from "../../model/plan";
import type { PointFirst, Risk } from "../../plan/risks";

interface TakeOptions {
  /** Tells a person; default: through Pulumi. */
  say?: (line: string) => void;
  warn?: (line: string) => void;
  /** Default: the process's own. */
  env?: NodeJS.ProcessEnv;
  preview?: boolean;
  /** Milliseconds between two looks at a job. Default: 2 s. */
  every?: number;
  /** Milliseconds within which the job's pod has to start. Default: 10 minutes. */
  starting?: number;
}

/**
 * Takes a point of each service that an update puts at risk, before anything is changed. A fault says why there is
 * none, and how to go on without. A preview takes none. No point is taken of a service that is in the middle of a move,
 * and of one whose backup this very update makes.
 */
export async function takePoints(api: Api, risks: readonly Risk[], options: TakeOptions = {}): Promise<Fault[]> {
  const {
    say = (line) => void pulumi.log.info(line),
    warn = (line) => void pulumi.log.warn(line),
    env = process.env,
    preview = pulumi.runtime.isDryRun(),
  } = options;
  const taken = new Map<string, string | undefined>();
  const faults: Fault[] = [];
  for (const { service, what, points } of risks)
    for (const point of points) {
      const { name } = point.service;
      if (withoutPoint(env).includes(name)) {
        warn(`no point of ${name} is taken before ${what}, because ${noPointVariable} names it`);
        continue;
      }
      if (preview) {
        say(`a point of ${name} is taken before ${what}`);
        continue;
      }
      if (!taken.has(name)) taken.set(name, await takePoint(api, point, { ...options, say, what }));
      const why = taken.get(name);
      if (why !== undefined) faults.push({ path: pathText(["services", service]), message: refusal(name, what, why) });
    }
  return faults;
}

const refusal = (name: string, what: string, why: string) =>
  `no point of ${name} could be taken before ${what}, so nothing was changed: ${why}. Mend that and run the same ` +
  `again; to go on without a point, name the service: ${noPointVariable}=${name} before the same command`;

/** A time that is still to come was written by a clock that was wrong, so how old the point is isn't known. */
function isFresh(newest: string): boolean {
  const age = Date.now() - Date.parse(newest);
  return age > -clockPatience && age < freshFor * 60_000;
}

/** Why there is no new point; undefined where there is one, or none can be expected. */
async function takePoint(
  api: Api,
  { service, cronJob, newest }: PointFirst,
  options: TakeOptions & { say: (line: string) => void; what: string },
): Promise<string | undefined> {
  const { say, what } = options;
  if (newest !== undefined && isFresh(newest)) return undefined;
  try {
    const workload = await find<{ metadata: { annotations?: Record<string, string> } }>(
      api,
      `/apis/apps/v1/namespaces/${service.namespace}/${service.kind.toLowerCase()}s/${service.name}`,
    );
    // What is in the middle of a move had its point before that began.
    if (!workload || workload.metadata.annotations?.[movingAnnotation] !== undefined) return undefined;
    const jobs = `/apis/batch/v1/namespaces/${cronJob.namespace}/jobs`;
    const from = await find<V1CronJob>(api, `/apis/batch/v1/namespaces/${cronJob.namespace}/cronjobs/${cronJob.name}`);
    if (!from) return undefined;
    say(`taking a point of ${service.name} before ${what}`);
    const made = read<V1Job>(await api.ask(jobs, { body: jobOf(from, { act: "make" }) }));
    const why = await endOf(api, cronJob.namespace, made.metadata?.name ?? "", options);
    if (why === undefined) say(`there is a new point of ${service.name}`);
    return why;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Why a job failed; undefined where it didn't. Its own deadline bounds it, once its pod has started. */
async function endOf(
  api: Api,
  namespace: string,
  job: string,
  { every = 2000, starting = 600_000 }: TakeOptions,
): Promise<string | undefined> {
  const pods = `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(`job-name=${job}`)}`;
  const began = Date.now();
  let started = false;
  for (;;) {
    // An API server that is away for a moment doesn't end the job.
    const [found, answer] = await Promise.all([
      find<V1Job>(api, `/apis/batch/v1/namespaces/${namespace}/jobs/${job}`).catch(() => null),
      api.ask(pods).catch(() => undefined),
    ]);
    if (found === undefined) return `somebody has deleted the job ${namespace}/${job}`;
    const [pod] = answer?.status === 200 ? readList(answer.body, (item: V1Pod) => item) : [];
    const ended = found?.status?.conditions?.find(
      ({ type, status }) => status === "True" && ["Complete", "Failed"].includes(type),
    );
    if (ended?.type === "Complete") return undefined;
    if (ended) return lastWords(pod) ?? `the job ${namespace}/${job} failed: ${ended.message ?? ended.reason}`;
    // A pod that has ended is one that had started; its job says so a moment later.
    started ||= ["Running", "Succeeded", "Failed"].includes(pod?.status?.phase ?? "");
    if (!started && answer?.status === 200 && Date.now() - began > starting) {
      await api.ask(`/apis/batch/v1/namespaces/${namespace}/jobs/${job}?propagationPolicy=Background`, {
        method: "DELETE",
      });
      return `the pod of job ${namespace}/${job} did not start within ${Math.round(starting / 60_000)} minutes`;
    }
    await delay(every);
  }
}

/** What the pod has left behind, without the words that say again that there is no point. */
const lastWords = (pod: V1Pod | undefined) =>
  whyNoPoint(pod?.status?.containerStatuses?.[0]?.state?.terminated?.message?.trim() ?? "") || undefined;

/** Undefined where it isn't there. */
async function find<T>(api: Api, path: string): Promise<T | undefined> {
  const answer = await api.ask(path);
  return answer.status === 404 ? undefined : read<T>(answer);
}

function read<T>({ status, body }: Answer): T {
  if (status < 300) return JSON.parse(body) as T;
  throw new Error((JSON.parse(body || "{}") as { message?: string }).message ?? `the API server answers ${status}`);
}

import type { types } from "@pulumi/kubernetes";
import { labels, metadata } from "../model/metadata";
import type { Owner } from "../model/plan";

export interface ScheduledJobArgs {
  owner: Owner;
  /** Name of the CronJob, and of the app that its objects' labels name. */
  app: string;
  component: string;
  namespace: string;
  /** Cron text. */
  schedule: string;
  pod: types.input.core.v1.PodSpec;
  /** What this CronJob has beside the rest. */
  cron?: Partial<types.input.batch.v1.CronJobSpec>;
  /** The same of its jobs. */
  job?: Partial<types.input.batch.v1.JobSpec>;
}

/** The arguments of a CronJob whose runs never overlap, are made up for within the hour, and don't pile up. */
export function scheduledJob(args: ScheduledJobArgs): { metadata: object; spec: types.input.batch.v1.CronJobSpec } {
  const { owner, app, component, namespace, schedule, pod, cron, job } = args;
  return {
    metadata: metadata(owner, app, component, app, namespace),
    spec: {
      schedule,
      ...cron,
      concurrencyPolicy: "Forbid",
      // A missed run is made up for within the hour. After that it is left out.
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        spec: {
          backoffLimit: 2,
          // A pod that can't start, or never ends, would otherwise keep every later run away.
          activeDeadlineSeconds: 6 * 3600,
          ...job,
          template: { metadata: { labels: labels(owner, app, component) }, spec: pod },
        },
      },
    },
  };
}

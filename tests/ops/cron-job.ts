import type { V1CronJob, V1PodSpec } from "@kubernetes/client-node";

/** A CronJob whose jobs have this pod. */
export const cronJobOf = (pod: V1PodSpec): V1CronJob => ({
  spec: { schedule: "", jobTemplate: { spec: { template: { spec: pod } } } },
});

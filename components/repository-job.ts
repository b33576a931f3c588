import type { types } from "@pulumi/kubernetes";
import { moveExit } from "../model/move-exit";
import type { Owner } from "../model/plan";
import { scheduledJob } from "./scheduled-job";

/** The CronJob of a pod that uses the repository. */
export function repositoryJob(args: {
  owner: Owner;
  /** Name of the CronJob. */
  app: string;
  namespace: string;
  /** Cron text, in UTC. */
  schedule: string;
  pod: types.input.core.v1.PodSpec;
}): ReturnType<typeof scheduledJob> {
  const person = { containerName: "backup", operator: "In", values: [moveExit.person] };
  return scheduledJob({
    ...args,
    component: "backup",
    cron: { timeZone: "Etc/UTC" },
    job: {
      podFailurePolicy: {
        rules: [
          // Another try would say the same.
          { action: "FailJob", onExitCodes: person },
          { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
        ],
      },
    },
  });
}

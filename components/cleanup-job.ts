import { CronJob } from "@pulumi/kubernetes/batch/v1";
import type * as pulumi from "@pulumi/pulumi";
import { labels, metadata } from "../model/metadata";
import type { CleanupPlan, Owner, ServicePlan } from "../model/plan";
import { containerSecurity, podDefaults, resources } from "./pod-defaults";

const small = { requests: { cpu: "10m", memory: "16Mi" }, limits: { memory: "64Mi" } };

/** A job that removes old files from a service's claim, by the days since their last change, and logs each name. */
export function createCleanupJob(
  owner: Owner,
  service: ServicePlan,
  cleanup: CleanupPlan,
  opts: pulumi.CustomResourceOptions,
): CronJob {
  const app = `${service.name}-cleanup`;
  // No network policy names these pods, so the namespace's default policy denies all their traffic.
  return new CronJob(
    app,
    {
      metadata: metadata(owner, app, "cleanup", app, service.namespace),
      spec: {
        schedule: cleanup.schedule,
        concurrencyPolicy: "Forbid",
        // A missed run is made up for within the hour. After that it is left out.
        startingDeadlineSeconds: 3600,
        successfulJobsHistoryLimit: 1,
        failedJobsHistoryLimit: 3,
        jobTemplate: {
          spec: {
            backoffLimit: 2,
            template: {
              metadata: { labels: labels(owner, app, "cleanup") },
              spec: {
                ...podDefaults(service.identity),
                restartPolicy: "Never",
                containers: [
                  {
                    name: "cleanup",
                    image: cleanup.image,
                    imagePullPolicy: "IfNotPresent",
                    // -xdev stays on the volume. Directories are kept, because the application may rely on them.
                    command: [
                      "find",
                      "/files",
                      "-xdev",
                      "-type",
                      "f",
                      "-mtime",
                      `+${cleanup.olderThanDays}`,
                      "-print",
                      "-delete",
                    ],
                    resources: resources(small),
                    securityContext: containerSecurity(true),
                    volumeMounts: [{ name: "files", mountPath: "/files" }],
                  },
                ],
                volumes: [{ name: "files", persistentVolumeClaim: { claimName: cleanup.claim } }],
              },
            },
          },
        },
      },
    },
    opts,
  );
}

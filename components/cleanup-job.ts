import { join } from "node:path";
import { CronJob } from "@pulumi/kubernetes/batch/v1";
import type * as pulumi from "@pulumi/pulumi";
import { compiled, esModule } from "../compile.cjs";
import { cleanupName } from "../model/cleanup";
import { labels, metadata } from "../model/metadata";
import type { CleanupPlan, MoverPlan, Owner, ServicePlan } from "../model/plan";
import { cleanupPod } from "./cleanup-pod";

let program: string | undefined;

/** The clean-up's program, which the pod gets as an argument: it has one file, and so needs no ConfigMap. */
const programText = () => (program ??= compiled(join(__dirname, "..", "mover/clean/main.ts"), esModule));

/**
 * A job that removes old files from a service's claim, by the days since they came or changed, and logs each name.
 */
export function createCleanupJob(
  owner: Owner,
  service: ServicePlan,
  cleanup: CleanupPlan,
  { image }: MoverPlan,
  opts: pulumi.CustomResourceOptions,
): CronJob {
  const app = cleanupName(service.name);
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
            // A pod that can't start would otherwise keep every later run away, also after its image was corrected.
            activeDeadlineSeconds: 6 * 3600,
            template: {
              metadata: { labels: labels(owner, app, "cleanup") },
              spec: cleanupPod(service, cleanup, image, programText()),
            },
          },
        },
      },
    },
    opts,
  );
}

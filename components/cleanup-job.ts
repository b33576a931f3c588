import { join } from "node:path";
import { CronJob } from "@pulumi/kubernetes/batch/v1";
import type * as pulumi from "@pulumi/pulumi";
import { compiled, esModule } from "../compile.cjs";
import { cleanupName } from "../model/cleanup";
import type { CleanupPlan, MoverPlan, Owner, ServicePlan } from "../model/plan";
import { cleanupPod } from "./cleanup-pod";
import { scheduledJob } from "./scheduled-job";

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
    scheduledJob({
      owner,
      app,
      component: "cleanup",
      namespace: service.namespace,
      schedule: cleanup.schedule,
      pod: cleanupPod(service, cleanup, image, programText()),
    }),
    opts,
  );
}

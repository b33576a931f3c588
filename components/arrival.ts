import type { Job } from "@pulumi/kubernetes/batch/v1";
import * as pulumi from "@pulumi/pulumi";
import type { ClaimPlan } from "../model/storage";
import type { ServicePlan } from "../model/plan";

/**
 * What a service's workload waits for besides the jobs of its moves, so that it never starts on a volume that its data
 * has not reached.
 */
export type ArrivalGuard = (service: ServicePlan, jobs: Job[]) => pulumi.Input<pulumi.Resource>[];

/**
 * Asks the cluster when the jobs are done, before the workload is changed. Completed jobs would say the same, but not
 * in an update with `--target`, nor with a state that was repaired by hand. `arrived` throws where the data has not
 * arrived.
 */
export function guardArrival(arrived: (moved: { namespace: string; claim: ClaimPlan }) => Promise<void>): ArrivalGuard {
  return ({ namespace, claims }, jobs) => {
    const last = jobs.at(-1);
    if (!last || pulumi.runtime.isDryRun()) return [];
    const asked = pulumi.all(jobs.map(({ id }) => id)).apply(async () => {
      for (const claim of claims) await arrived({ namespace, claim });
      return last;
    });
    return [asked];
  };
}

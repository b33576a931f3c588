import type { Job } from "@pulumi/kubernetes/batch/v1";
import * as pulumi from "@pulumi/pulumi";
import type { ClaimPlan } from "../model/storage";
import type { ServicePlan } from "../model/plan";

/**
 * What a service's workload waits for beside its moves' jobs, so that it never gets a volume that its data has not
 * reached.
 */
export type ArrivalGuard = (service: ServicePlan, jobs: Job[]) => pulumi.Input<pulumi.Resource>[];

/**
 * Asks the cluster once the jobs are done and before the workload is changed. The jobs' completion says the same, but
 * not to an update of chosen targets, nor by a state that was mended. `arrived` throws where the data has not.
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

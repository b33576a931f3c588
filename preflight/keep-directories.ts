import type { Api } from "../kube/api";
import type { Fault, ServicePlan, StoragePlan } from "../model/plan";
import { directoryFaults, spilledClaims } from "../plan/pod-directories";
import { dryRun, readWorkload, type WorkloadArgs } from "./workloads";

/**
 * Faults for services whose data is in their pods' own directories, where the update would replace such a pod. The API
 * server is asked what it would make of the workload, in a dry run: only it knows what is a change.
 */
export async function keepDirectories(api: Api, plan: StoragePlan, args: WorkloadArgs): Promise<Fault[]> {
  if (plan.adopting) return [];
  const services = plan.services.filter((service) => spilledClaims(service).length > 0);
  return (await Promise.all(services.map((service) => look(api, service, args)))).flat();
}

async function look(api: Api, service: ServicePlan, args: WorkloadArgs): Promise<Fault[]> {
  const live = await readWorkload(api, service);
  const template = live?.spec?.template;
  if (!template) return [];
  return directoryFaults(service, template, service.run ? await dryRun(api, service, live, args) : undefined);
}

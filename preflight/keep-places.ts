import type { Api } from "../kube/api";
import type { ClusterFacts } from "../model/facts";
import type { Fault, StoragePlan } from "../model/plan";
import { type Stranded, strandedFaults, strandedServices } from "../plan/stranded";
import { dryRun, readWorkload, type WorkloadArgs } from "./workloads";

/**
 * Faults for services whose volume is on a node that takes no pods now, such as a cordoned one, where the update would
 * replace the pod or make the first one: it would be Pending, and the old one gone. The API server is asked in a dry
 * run what would change.
 */
export const keepPlaces = async (
  api: Api,
  plan: StoragePlan,
  facts: ClusterFacts,
  args: WorkloadArgs,
): Promise<Fault[]> =>
  (await Promise.all(strandedServices(plan, facts).map((stranded) => look(api, stranded, args)))).flat();

async function look(api: Api, stranded: Stranded, args: WorkloadArgs): Promise<Fault[]> {
  const { service } = stranded;
  const live = await readWorkload(api, service);
  const template = live?.spec?.template;
  return strandedFaults(stranded, template, template && (await dryRun(api, service, live, args)));
}

import { plannedPods as podsOfServices } from "./components/planned-pods";
import type { Backend } from "./model/backend";
import type { StoragePlan } from "./model/plan";
import type { PlannedPod } from "./model/planned-pod";

/** Every pod that a plan needs, for the checks that ask whether the cluster would take it. */
export function plannedPods(plan: StoragePlan, types: ReadonlyMap<string, Backend>): PlannedPod[] {
  const installed = plan.backends.flatMap(({ name, type, install }) =>
    install ? (types.get(type)?.pods?.(name, install, plan.owner) ?? []) : [],
  );
  return [...installed, ...podsOfServices(plan)];
}

import { suggest } from "../config/faults";
import { ownerName } from "./metadata";
import type { ClusterFacts, Fault, StoragePlan } from "./types";

/** Classes that somebody else installed and that hold, or held until this stack came, the default flag. */
export function classesToSwitchOff(plan: StoragePlan, facts: ClusterFacts): string[] {
  const own = new Set(plan.backends.flatMap(({ classes, uses }) => [...classes.map(({ name }) => name), ...uses]));
  const owner = ownerName(plan.owner);
  return facts.classes.filter(({ name, isDefault, switchedOffBy }) => !own.has(name) && (isDefault || switchedOffBy === owner)).map(({ name }) => name).sort();
}

/** A class that is used as it is has to be there, and be the default where the stack says so. */
export function checkCluster(plan: StoragePlan, facts: ClusterFacts): Fault[] {
  const names = facts.classes.map(({ name }) => name);
  return plan.backends.flatMap(({ name, uses }) =>
    uses.filter((used) => !names.includes(used)).map((used) => ({ path: `backends.${name}.class`, message: `the cluster has no StorageClass "${used}"; ${suggest(used, names)}` })),
  );
}

import { pathText } from "../model/config-path";
import { suggest } from "../model/nearest";
import type { Planned, Fault, StoragePlan } from "../model/plan";
import { apiPortsOf } from "./api-ports";
import { guardData } from "./guards";
import { withFills } from "./fills";
import { ownerName } from "../model/metadata";
import { withoutForeign } from "./left-out";

import type { ClusterFacts } from "../model/facts";
import type { BackendPlan } from "../model/storage";

/** The plan completed with what the cluster has, and every fault that only a comparison of the two can find. */
export function settle(plan: StoragePlan, facts: ClusterFacts): Planned {
  const { faults, warnings } = guardData(plan, facts);
  const { apiPorts, warnings: unread } = apiPortsOf(plan, facts);
  const filled = withFills(plan, facts);
  const settled = {
    ...plan,
    services: filled.services,
    ...(apiPorts && { apiPorts }),
    clusterUid: facts.uid,
    backends: withoutForeign(withCapabilities(plan, facts), facts.releases),
    switchOff: classesToSwitchOff(plan, facts),
    switchOn: classesToSwitchOn(plan),
  };
  return {
    plan: settled,
    stack: plan.owner.stack,
    faults: [...checkCluster(plan, facts), ...faults, ...filled.faults],
    warnings: [...warnings, ...unread, ...filled.warnings],
  };
}

/**
 * Other installers' classes that have the default flag, or had it until this stack switched it off. None where the
 * stack has no default class to take their place.
 */
function classesToSwitchOff(plan: StoragePlan, facts: ClusterFacts): string[] {
  const kept = plan.backends.flatMap(({ classes, uses }) => [
    ...classes,
    ...uses.filter(({ patch, isDefault }) => !patch || isDefault),
  ]);
  if (!kept.some(({ isDefault }) => isDefault)) return [];
  const own = new Set(kept.map(({ name }) => name));
  const owner = ownerName(plan.owner);
  const held = facts.classes.filter(
    ({ name, isDefault, switchedOffBy }) => !own.has(name) && (isDefault || switchedOffBy === owner),
  );
  return held.map(({ name }) => name).sort();
}

function classesToSwitchOn({ backends }: StoragePlan): string[] {
  return backends
    .flatMap(({ uses }) => uses.filter(({ patch, isDefault }) => patch && isDefault).map(({ name }) => name))
    .sort();
}

/** The plan's backends, with what the cluster says of the classes that somebody else made. */
function withCapabilities({ backends }: StoragePlan, { classes }: ClusterFacts): BackendPlan[] {
  const read = (name: string) => ({ expand: classes.find((known) => known.name === name)?.allowsExpansion });
  return backends.map((backend) => ({
    ...backend,
    uses: backend.uses.map((use) => ({ ...use, capabilities: { ...read(use.name), ...use.capabilities } })),
  }));
}

/** A class that the stack only uses must exist, and its default flag must be what the stack's config says. */
function checkCluster(plan: StoragePlan, facts: ClusterFacts): Fault[] {
  const used = plan.backends.flatMap(({ name, uses }) => uses.map((use) => ({ backend: name, use })));
  return used.flatMap(({ backend, use }): Fault[] => {
    const known = facts.classes.find(({ name }) => name === use.name);
    const names = facts.classes.map(({ name }) => name);
    if (!known)
      return [
        {
          path: pathText(["backends", backend, "class"]),
          message: `the cluster has no StorageClass "${use.name}"; ${suggest(use.name, names)}`,
        },
      ];
    if (use.patch || known.isDefault === use.isDefault) return [];
    const state = known.isDefault ? "is the cluster's default" : "is not the cluster's default";
    return [
      {
        path: pathText(["backends", backend, "default"]),
        message:
          `is ${use.isDefault}, but class "${use.name}" ${state} and is left as it is; set ` +
          `default: ${known.isDefault}, or change the class's flag with defaultFlag: patch`,
      },
    ];
  });
}

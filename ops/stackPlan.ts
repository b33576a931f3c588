import { parse } from "yaml";
import { backendTypes } from "../backends/catalogue";
import { describeFaults } from "../config/faults";
import { parseConfig, type StackConfig } from "../config/parse";
import { planStack } from "../plan/stack";
import type { Owner, StoragePlan } from "../plan/types";
import { catalogue } from "../services/catalogue";
import { UserError } from "./errors";

export interface StackPlan {
  config: StackConfig;
  plan: StoragePlan;
}

/** What the program would plan by the config file `yaml`, without Pulumi and without the cluster. A UserError with all its faults. */
export function planOf(yaml: string, owner: Owner): StackPlan {
  const { config = {} } = (parse(yaml) ?? {}) as { config?: Record<string, unknown> };
  const prefix = `${owner.project}:`;
  const own = Object.entries(config ?? {}).filter(([key]) => key.startsWith(prefix));
  const values = Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
  const stackConfig = parseConfig({ owner, values }, catalogue, backendTypes);
  const { plan, faults } = planStack(stackConfig, catalogue, backendTypes);
  if (faults.length > 0) throw new UserError(describeFaults(owner.stack, faults));
  return { config: stackConfig, plan };
}

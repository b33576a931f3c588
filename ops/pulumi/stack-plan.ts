import { describeFaults } from "../../config/faults";
import { parseConfig } from "../../config/parse";
import { readStackYaml, strayFaults } from "../../config/stack-yaml";
import type { StackConfig } from "../../model/config";
import { hideSealed } from "../../model/hidden";
import { planStack } from "../../plan/stack";
import type { Planned, Owner } from "../../model/plan";
import { known } from "../../known";
import { UserError } from "../../model/user-error";

export type StackPlan = Planned & { config: StackConfig };

/**
 * What the program would plan for the values below `config:`, and their faults. Needs neither Pulumi nor the cluster.
 */
export function planConfig(
  values: Readonly<Record<string, unknown>>,
  owner: Owner,
  services = known.services,
): StackPlan {
  const prefix = `${owner.project}:`;
  const own = Object.entries(values).filter(([key]) => key.startsWith(prefix));
  const config = parseConfig(
    { owner, values: Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), hideSealed(value)])) },
    { ...known, services },
  );
  return { config, ...planStack(config, { ...known, services }) };
}

/** The same for the config file `yaml`. Throws a UserError with all faults where it has some. */
export function planOf(yaml: string, owner: Owner): StackPlan {
  const file = readStackYaml(yaml) ?? {};
  const { config } = file as { config?: Record<string, unknown> | null };
  const planned = planConfig(config ?? {}, owner);
  const faults = [...strayFaults(file, owner.project, `Pulumi.${owner.stack}.yaml`), ...planned.faults];
  if (faults.length > 0) throw new UserError(describeFaults(owner.stack, faults));
  return planned;
}

import { readStackYaml } from "../../config/stack-yaml";
import { hiddenText } from "../../model/hidden";
import type { Fault, Owner } from "../../model/plan";
import { planConfig } from "../pulumi/stack-plan";

/**
 * Faults of a stack's config that don't depend on the cluster. `config`: as a preview prints it, with objects as JSON
 * text. A preview prints nothing of an object with a secret in it: that is read from `file`, the stack file's text.
 */
export function configFaults(config: Readonly<Record<string, string>>, owner: Owner, file: string): Fault[] {
  const { config: written } = (readStackYaml(file) ?? {}) as { config?: Record<string, unknown> | null };
  const entries = Object.entries(config).map(([key, value]) => [
    key,
    value === hiddenText ? written?.[key] : parsed(value),
  ]);
  return planConfig(Object.fromEntries(entries) as Record<string, unknown>, owner).faults;
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

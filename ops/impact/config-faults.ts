import type { Fault, Owner } from "../../model/plan";
import { planConfig } from "../pulumi/stack-plan";

/**
 * Faults of a stack's config that don't depend on the cluster. `config`: as a preview prints it, with
 * objects as JSON text.
 */
export function configFaults(config: Readonly<Record<string, string>>, owner: Owner): Fault[] {
  return planConfig(Object.fromEntries(Object.entries(config).map(([key, value]) => [key, parsed(value)])), owner)
    .faults;
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

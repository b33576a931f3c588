import { backendTypes } from "../../backends/catalogue";
import { parseConfig } from "../../config/parse";
import { planStack } from "../../plan/stack";
import type { Fault, Owner } from "../../plan/types";
import { catalogue } from "../../services/catalogue";

/** What is wrong with a stack's config whatever is in the cluster. `config`: as a preview tells it, objects as JSON text. */
export function configFaults(config: Readonly<Record<string, string>>, owner: Owner): Fault[] {
  const prefix = `${owner.project}:`;
  const own = Object.entries(config).filter(([key]) => key.startsWith(prefix));
  const values = Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), parsed(value)]));
  return planStack(parseConfig({ owner, values }, catalogue, backendTypes), catalogue, backendTypes).faults;
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

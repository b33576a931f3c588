import * as pulumi from "@pulumi/pulumi";
import type { Planned, StoragePlan } from "../model/plan";
import type { Known } from "../model/known";
import { describeFaults } from "./faults";
import { parseConfig } from "./parse";
import type { StackConfig } from "../model/config";
import { StackFile } from "./stack-file";

/** The stack's config, as far as it can be understood; the only place that reads it from Pulumi. */
export function readConfig(known: Known): StackConfig {
  const owner = { project: pulumi.getProject(), stack: pulumi.getStack() };
  const prefix = `${owner.project}:`;
  const all = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(prefix));
  const file = new StackFile(owner.stack);
  const values = Object.fromEntries(
    all.map(([key, value]) => [
      key.slice(prefix.length),
      isSecret(key) ? file.hide(key, parseValue(value)) : parseValue(value),
    ]),
  );
  // The variable lets a preview of npm run adopt pass the guards. It has no effect on an update.
  const adopting = process.env.CLUSTER_STORAGE_ADOPTING === "true" && pulumi.runtime.isDryRun();
  const config = parseConfig({ owner, values, adopting }, known);
  return { ...config, faults: [...file.strays(owner.project), ...config.faults] };
}

/** Whether a key's value has a secret in it. The SDK has this function and leaves it out of its types. */
const isSecret = (key: string) =>
  (pulumi.runtime as unknown as { isConfigSecret(key: string): boolean }).isConfigSecret(key);

/** Pulumi hands over objects as JSON and everything else as text. */
function parseValue(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/**
 * The plan, with its warnings shown, where nothing is wrong with it.
 * @throws RunError with every fault, its path and what would be right
 */
export function accept({ plan, stack, faults, warnings }: Planned): StoragePlan {
  if (faults.length > 0) throw new pulumi.RunError(describeFaults(stack, faults));
  for (const warning of warnings) void pulumi.log.warn(warning);
  return plan;
}

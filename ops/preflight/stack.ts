import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { backendTypes } from "../../backends/catalogue";
import { describeFaults } from "../../config/faults";
import { parseConfig, type StackConfig } from "../../config/parse";
import { planStack } from "../../plan/stack";
import type { StoragePlan } from "../../plan/types";
import { catalogue } from "../../services/catalogue";
import { UserError } from "../errors";
import { overrideConfig } from "../overrides";
import { devStack, projectName, readStackConfig } from "../project";
import { contextOverrides } from "../start/overrides";
import { configFileIn, contextDirectory, runningLocal } from "../target";

/** A stack that need not be deployed yet, as its config has it. */
export interface ConfiguredStack {
  config: StackConfig;
  plan: StoragePlan;
}

/** Reads and plans a stack's config without the Pulumi CLI. Throws a UserError with all its faults where it has some. */
export async function readConfiguredStack(options: { stack?: string; context?: string }): Promise<ConfiguredStack> {
  const stack = options.stack ?? devStack;
  const config = parseConfig({ owner: { project: await projectName(), stack }, values: await readValues(options) }, catalogue, backendTypes);
  const { plan, faults } = planStack(config, catalogue, backendTypes);
  if (faults.length > 0) throw new UserError(describeFaults(stack, faults));
  return { config, plan };
}

/** The values of the project's config keys, without the project's name. */
async function readValues(options: { stack?: string; context?: string }): Promise<Record<string, unknown>> {
  const prefix = `${await projectName()}:`;
  const { config = {} } = (parse(await readYaml(options)) ?? {}) as { config?: Record<string, unknown> };
  return Object.fromEntries(Object.entries(config).filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value]));
}

/** A stack of the checkout's, what was or would be deployed to a context, or what was deployed to the local cluster. */
async function readYaml({ stack, context }: { stack?: string; context?: string }): Promise<string> {
  if (stack !== undefined && context !== undefined) throw new UserError("--stack (your own stack) and --context (what npm start deploys there) exclude each other");
  if (stack !== undefined) return readStackConfig(stack);
  const file = configFileIn(context === undefined ? (await runningLocal()).dir : contextDirectory(context));
  if (existsSync(file)) return readFile(file, "utf8");
  if (context !== undefined) return overrideConfig(await readStackConfig(devStack), contextOverrides(context));
  throw new UserError("nothing was deployed to the local cluster yet: npm start does, after the same checks");
}

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { UserError } from "../../model/user-error";
import { overrideConfig } from "../pulumi/overrides";
import { devStack, projectName, readStackConfig } from "../pulumi/project";
import { planOf, type StackPlan } from "../pulumi/stack-plan";
import { contextOverrides } from "../start/overrides";
import { configFileIn, contextDirectory, runningLocal } from "../pulumi/target";

/**
 * A stack as its config describes it, whether or not it is deployed. Needs no Pulumi CLI. Throws a UserError with all
 * faults where the config has some.
 */
export async function readConfiguredStack(options: { stack?: string; context?: string }): Promise<StackPlan> {
  return planOf(await readYaml(options), { project: await projectName(), stack: options.stack ?? devStack });
}

/**
 * The text of the config: a stack's file in the checkout, what was or would be deployed to a context, or what was
 * deployed to the local cluster.
 */
async function readYaml({ stack, context }: { stack?: string; context?: string }): Promise<string> {
  if (stack !== undefined && context !== undefined)
    throw new UserError(
      "--stack (your own stack) and --context (the dev stack that npm start deploys there) can't " + "be used together",
    );
  if (stack !== undefined) return readStackConfig(stack);
  const file = configFileIn(context === undefined ? (await runningLocal()).dir : contextDirectory(context));
  if (existsSync(file)) return readFile(file, "utf8");
  if (context !== undefined) return overrideConfig(await readStackConfig(devStack), contextOverrides(context));
  throw new UserError("nothing was deployed to the local cluster yet; run npm start, after the same checks");
}

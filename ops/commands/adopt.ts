import { consoleProgress } from "../../local-cluster/progress";
import { describePlan, planAsJson, refuseFaults } from "../adopt/print";
import { carryOutAdoption, planAdoption } from "../adopt/run";
import { readArguments } from "../terminal/args";
import { agreed } from "../terminal/ask";
import { assertReachable } from "../../kube/client";
import { main } from "../terminal/main";
import { recoverStack } from "../recover/run";
import { ensureStack } from "../pulumi/stack";
import { prepareContext } from "../start/context";
import { writeConfig } from "../start/deploy";
import { findTarget, targetOptions, type Target } from "../pulumi/target";

/** How long to wait for an update that is still running. */
const patience = 2 * 60_000;

/**
 * `npm run adopt [-- --stack S | --context NAME] [--yes] [--json]`: takes what the cluster already has of the stack
 * into the stack's state, without touching data. `--json` alone prints the plan and does nothing.
 */
async function run(argv: string[]): Promise<number> {
  const { options } = readArguments(argv, { ...targetOptions, yes: true, json: true });
  const target = await (options.context !== undefined && options.stack === undefined
    ? contextTarget(options.context)
    : findTarget(options));
  const kube = target.connect();
  await assertReachable(kube);
  const say = (line: string) => void (options.json ? process.stderr : process.stdout).write(`${line}\n`);
  if (target.stack.configFile !== undefined) await ensureStack(target.stack);
  await recoverStack(target.stack, target.connect, { say, wait: patience });
  const plan = await planAdoption(target.stack, kube);
  if (options.json)
    process.stdout.write(`${JSON.stringify(planAsJson(plan.verdicts, plan.credentials), undefined, 2)}\n`);
  else if (plan.verdicts.length > 0) say(describePlan(plan.verdicts, plan.credentials));
  refuseFaults(plan.verdicts, "nothing was taken over");
  if (plan.verdicts.length === 0)
    say("everything that the cluster has of this stack is in its state, so there is nothing to take over");
  if (plan.verdicts.length === 0 || (options.json && !options.yes)) return 0;
  await agreed("Take it over?", { yes: options.yes, untouched: "nothing was taken over" });
  await carryOutAdoption(target.stack, kube, plan, say);
  say(`to finish, and to bring everything to what the config says, run: ${nextUpdate(target, options.context)}`);
  return 0;
}

/** Prepares the context and writes the config, because a cluster is taken over before anything is deployed to it. */
async function contextTarget(context: string): Promise<Target> {
  const { target, overrides } = await prepareContext(context, consoleProgress());
  await writeConfig(target.stack, overrides);
  return target;
}

/** The command of the next update. npm start updates the stacks that it keeps. */
function nextUpdate({ stack }: Target, context: string | undefined): string {
  if (stack.configFile === undefined) return `pulumi up -s ${stack.name}`;
  return context === undefined ? "npm start" : `npm start -- --context ${context}`;
}

void main(run);

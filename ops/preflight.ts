import { openApi, type Api } from "../config/api";
import { KubeconfigError } from "../config/kubeconfig";
import { backendTypes } from "../backends/catalogue";
import { unreachable } from "../preflight/checks/cluster";
import { gatherFacts } from "../preflight/gather";
import { describeResults } from "../preflight/print";
import { type GroupedResult, questionsOf, runChecks } from "../preflight/run";
import { readArguments } from "./args";
import { UserError } from "./errors";
import { main } from "./main";
import { readConfiguredStack } from "./preflight/stack";
import type { StackPlan } from "./stackPlan";
import { targetOptions } from "./target";

/** `npm run preflight [-- --stack S | --context NAME] [--json] [--probe]`: whether the cluster can carry the stack; exit code 1 where it can't. */
async function run(argv: string[]): Promise<number> {
  const { options } = readArguments(argv, { ...targetOptions, json: true, probe: true });
  const stack = await readConfiguredStack(options);
  const results = await check(stack, openCluster(stack));
  const ok = results.every(({ level }) => level !== "error");
  const { cluster, owner } = stack.plan;
  process.stdout.write(`${options.json ? JSON.stringify({ stack: owner.stack, context: cluster.context, ok, results }, undefined, 2) : describeResults(results)}\n`);
  return ok ? 0 : 1;
}

async function check({ config, plan }: StackPlan, api: Api): Promise<GroupedResult[]> {
  const facts = await gatherFacts(api, plan, questionsOf({ backends: config.backends, types: backendTypes })).catch((error: Error) => error);
  if (facts instanceof Error) return [unreachable(api.server, facts.message)];
  return runChecks({ plan, facts, backends: config.backends, types: backendTypes, skip: config.preflight.skip });
}

function openCluster({ plan: { cluster } }: StackPlan): Api {
  try {
    return openApi(cluster.context, cluster.kubeconfig);
  } catch (error) {
    throw error instanceof KubeconfigError ? new UserError(`cluster-storage:cluster.${error.field}: ${error.message}`) : error;
  }
}

void main(run);

import { backendTypes } from "../../backends/catalogue";
import { type Api, openApi } from "../../kube/api";
import { KubeconfigError } from "../../kube/kubeconfig-error";
import { unreachable } from "../../preflight/checks/cluster";
import type { Questions } from "../../model/preflight-facts";
import { nodeTypes } from "../../nodes/catalogue";
import { askNodes, foreseen } from "../../nodes/ask";
import { gatherFacts } from "../../preflight/gather";
import type { NodeFacts } from "../../model/node-facts";
import { describeResults } from "../../preflight/print";
import { type GroupedResult, questionsOf, runChecks } from "../../preflight/run";
import { plannedPods } from "../../planned-pods";
import { readArguments } from "../terminal/args";
import { UserError } from "../../model/user-error";
import { finishOnInterrupt } from "../terminal/interrupt";
import { connect } from "../../kube/client";
import { main } from "../terminal/main";
import { probeNodes } from "../preflight/probe";
import { readConfiguredStack } from "../preflight/stack";
import { askTalos } from "../preflight/talos";
import type { StackPlan } from "../pulumi/stack-plan";
import { targetOptions } from "../pulumi/target";

/**
 * `npm run preflight [-- --stack S | --context NAME] [--json] [--probe]`: checks whether the cluster can run the stack.
 * Exit code 1 where it can't.
 */
async function run(argv: string[]): Promise<number> {
  const { options } = readArguments(argv, { ...targetOptions, json: true, probe: true });
  const stack = await readConfiguredStack(options);
  const results = await check(stack, openCluster(stack), options.probe ?? false);
  const ok = results.every(({ level }) => level !== "error");
  const { cluster, owner } = stack.plan;
  const report = { stack: owner.stack, context: cluster.context, ok, results };
  process.stdout.write(`${options.json ? JSON.stringify(report, undefined, 2) : describeResults(results)}\n`);
  return ok ? 0 : 1;
}

async function check({ config, plan }: StackPlan, api: Api, probe: boolean): Promise<GroupedResult[]> {
  const asked = { backends: config.backends, types: backendTypes };
  const questions = questionsOf(asked);
  const pods = plannedPods(plan, backendTypes);
  const facts = await gatherFacts(api, plan, questions, pods).catch((error: Error) => error);
  if (facts instanceof Error) return [unreachable(api.server, facts.message)];
  if (facts.nodes) facts.nodes = await askTalos(facts.nodes);
  if (probe && facts.nodes) facts.nodes = await probeAll(facts.nodes, questions, plan, config.preflight.probeImage);
  const answers = await askNodes(plan.nodes ?? [], nodeTypes, facts, {});
  facts.prepared = answers.map(({ node, ...answer }) => ({ ...answer, node: node.name }));
  if (facts.nodes) facts.nodes = foreseen(facts.nodes, answers, nodeTypes);
  return runChecks({ ...asked, plan, facts, pods, skip: config.preflight.skip });
}

/** Ctrl-C ends the probe pods and removes them. */
function probeAll(
  nodes: NodeFacts[],
  questions: Questions,
  { cluster }: StackPlan["plan"],
  image: string,
): Promise<NodeFacts[]> {
  const stop = new AbortController();
  return finishOnInterrupt(
    probeNodes(connect(cluster.context, cluster.kubeconfig), nodes, questions, image, stop.signal),
    () => stop.abort(),
  );
}

function openCluster({ plan: { cluster } }: StackPlan): Api {
  try {
    return openApi(cluster.context, cluster.kubeconfig);
  } catch (error) {
    throw error instanceof KubeconfigError
      ? new UserError(`cluster-storage:cluster.${error.field}: ${error.message}`)
      : error;
  }
}

void main(run);

import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { gateNodes } from "./components/node-gate";
import { createNodeSteps } from "./components/node-steps";
import { pathText } from "./model/config-path";
import type { DoneSteps, NodePlan, NodeStep } from "./model/node-preparation";
import type { Known } from "./model/known";
import type { Fault, StoragePlan } from "./model/plan";
import type { PreflightFacts } from "./model/preflight-facts";
import { ownPath } from "./nodes/access";
import {
  absences,
  askNodes,
  type AskedCluster,
  foreseen,
  missing,
  refusals,
  remaining,
  roundsOf,
  unknownNodes,
} from "./nodes/ask";
import { notPrepared } from "./nodes/gate";
import { lateRefusal } from "./preflight/late-refusal";

/** The stack's nodes before the update: what they answered, and what is wrong with that. */
export interface AskedNodes {
  faults: Fault[];
  /** The cluster's facts with the nodes as they will be. */
  foresee(facts: PreflightFacts): PreflightFacts;
  /** Registers the steps; what they return is what everything in the cluster comes after. */
  create(): pulumi.Input<pulumi.Resource>[];
}

/**
 * Asks the stack's nodes before anything is registered, and says what the update does on them and what it leaves. A
 * preview goes on without a node that doesn't answer: the machine that makes it may not reach the nodes.
 */
export async function askNodesFirst(
  plan: StoragePlan,
  cluster: AskedCluster,
  done: DoneSteps,
  types: Known["nodes"],
): Promise<AskedNodes> {
  const nodes = plan.nodes ?? [];
  const answers = await askNodes(nodes, types, cluster, done);
  const preview = pulumi.runtime.isDryRun();
  const unknown = unknownNodes(nodes, cluster);
  const away = absences(answers).filter(({ path }) => !unknown.some((fault) => fault.path === path));
  if (preview) for (const { path, message } of away) void pulumi.log.warn(`cluster-storage:${path}: ${message}`);
  for (const line of remaining(nodes, done, types)) void pulumi.log.warn(line);
  const todo = missing(answers);
  if (preview)
    for (const { node, words, note } of todo)
      void pulumi.log.info(`${node}: the update makes ${words}${note === undefined ? "" : `; ${note}`}.`);
  return {
    faults: [...unknown, ...(preview ? [] : away), ...refusals(answers)],
    foresee: (facts) => (facts.nodes ? { ...facts, nodes: foreseen(facts.nodes, answers, types) } : facts),
    create: () => {
      if (nodes.length === 0) return [];
      const last = createNodeSteps({
        nodes,
        cluster: plan.cluster,
        addresses: Object.fromEntries(
          answers.flatMap(({ node, address }) => (address === undefined ? [] : [[node.name, address] as const])),
        ),
        privateKey: privateKeyOf(nodes),
        rounds: roundsOf(answers, done),
        done: progress(todo),
      });
      return gateNodes(last, async () => {
        const why = notPrepared(await askNodes(nodes, types, cluster, done));
        if (why !== undefined) throw lateRefusal(why);
      });
    },
  };
}

/** Says of each step that was missing when it is done. */
function progress(todo: ReturnType<typeof missing>) {
  let count = 0;
  return (node: NodePlan, step: NodeStep): void => {
    if (!todo.some((each) => each.node === node.name && each.id === step.id)) return;
    count++;
    void pulumi.log.info(`${node.name}: ${step.words} is ready. Step ${count} of ${todo.length}.`);
  };
}

/** The private key for steps over SSH. Throws RunError where its file can't be read. */
function privateKeyOf(nodes: readonly NodePlan[]): string | undefined {
  const ssh = nodes.find(({ steps }) => steps.some(({ run }) => run !== "local"))?.access.ssh;
  if (ssh?.privateKey) return ssh.privateKey.reveal();
  if (ssh?.privateKeyFile === undefined) return undefined;
  try {
    return readFileSync(ownPath(ssh.privateKeyFile), "utf8");
  } catch (error) {
    const path = pathText(["nodeAccess", "ssh", "privateKeyFile"]);
    throw new pulumi.RunError(
      `cluster-storage:${path}: ${ssh.privateKeyFile} can't be read (${(error as NodeJS.ErrnoException).code})\n` +
        "Nothing was changed.",
    );
  }
}

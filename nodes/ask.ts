import { pathText } from "../model/config-path";
import { noAddress } from "./access";
import type { ListedFacts } from "../model/facts";
import { NodeAway, type DoneSteps, type NodePlan, type NodeType, type StepState } from "../model/node-preparation";
import type { NodeFacts } from "../model/node-facts";
import { didYouMean } from "../model/nearest";
import { notReadyBut } from "../preflight/nodes";
import { nodesOf } from "../model/nodes";
import type { Fault } from "../model/plan";

/** What a node answered. */
export interface NodeAnswer {
  node: NodePlan;
  /** Where it was asked; absent where it isn't known. */
  address?: string;
  /** Why there is no answer, in words; then there are no facts and no states. */
  away?: string;
  /** Nobody asked it, because the way in is a secret that can't be decrypted here. */
  sealed?: boolean;
  facts?: unknown;
  states: StepState[];
}

/** What of the cluster the nodes are judged by. */
export type AskedCluster = Pick<ListedFacts, "nodes" | "volumes">;

type NodeTypes = ReadonlyMap<string, NodeType>;

/** Asks all nodes at once, and judges each. Changes nothing. */
export const askNodes = (
  nodes: readonly NodePlan[],
  types: NodeTypes,
  cluster: AskedCluster,
  done: DoneSteps,
): Promise<NodeAnswer[]> => Promise.all(nodes.map((node) => askNode(node, types, cluster, done)));

async function askNode(node: NodePlan, types: NodeTypes, cluster: AskedCluster, done: DoneSteps): Promise<NodeAnswer> {
  const { name, settings, access } = node;
  const type = types.get(node.type);
  const address = node.address ?? cluster.nodes?.find((one) => one.name === name)?.address;
  if (!type || address === undefined) return { node, away: noAddress, states: [] };
  try {
    const facts = await type.ask({ name, address, access }, settings);
    const judged = {
      node: name,
      settings,
      facts,
      done: done[name] ?? {},
      claims: claimsOn(name, cluster),
      notReady: notReadyBut(name, cluster.nodes ?? []),
    };
    return { node, address, facts, states: type.judge(judged) };
  } catch (error) {
    if (error instanceof NodeAway) return { node, address, away: error.message, sealed: error.sealed, states: [] };
    throw error;
  }
}

/** The claims whose volumes can be reached on this node alone, as `namespace/name`. */
const claimsOn = (name: string, { nodes = [], volumes = [] }: AskedCluster): string[] =>
  volumes.flatMap((volume) => (volume.claim && nodesOf(volume, nodes)?.includes(name) ? [volume.claim] : []));

/** Nodes of the config that the cluster doesn't have. */
export function unknownNodes(nodes: readonly NodePlan[], cluster: AskedCluster): Fault[] {
  const names = cluster.nodes?.map(({ name }) => name);
  if (!names) return [];
  return nodes
    .filter(({ name }) => !names.includes(name))
    .map(({ name }) => ({
      path: pathText(["nodes", name]),
      message: `the cluster has no node "${name}"${didYouMean(name, names)}`,
    }));
}

/** What can't or must not be made. */
export const refusals = (answers: readonly NodeAnswer[]): Fault[] =>
  answers.flatMap(({ node, states }) =>
    states
      .filter(({ state }) => state === "refused")
      .map(({ path, words, why }) => ({
        path: pathText(["nodes", node.name, ...path]),
        message: `${words} of ${node.name}: ${why}`,
      })),
  );

/** Nodes without an answer. An update can't go on without them. */
export const absences = (answers: readonly NodeAnswer[]): Fault[] =>
  answers.flatMap(({ node, away }) =>
    away === undefined
      ? []
      : [
          {
            path: pathText(["nodes", node.name]),
            message: `${away}, and the update needs this node`,
          },
        ],
  );

/** The steps that the update carries out, as far as is known, each with the node's name. */
export const missing = (answers: readonly NodeAnswer[]) =>
  answers.flatMap(({ node, states }) =>
    states.filter(({ state }) => state === "missing").map((step) => ({ node: node.name, ...step })),
  );

/**
 * How often each step was done, with those that are done anew by this update: what they had made is gone, and their
 * lines are the same, so nothing else would make their commands run.
 */
export function roundsOf(answers: readonly NodeAnswer[], done: DoneSteps): DoneSteps {
  const gone = missing(answers);
  return Object.fromEntries(
    Object.entries(done).map(([node, steps]) => [
      node,
      Object.fromEntries(
        Object.entries(steps).map(([id, step]) => [
          id,
          gone.some((each) => each.node === node && each.id === id) ? { ...step, round: step.round + 1 } : step,
        ]),
      ),
    ]),
  );
}

/** What stays on nodes of lines that are no longer in the config, in words. */
export const remaining = (nodes: readonly NodePlan[], done: DoneSteps, types: NodeTypes): string[] =>
  Object.entries(done).flatMap(([name, steps]) => {
    const ids = nodes.find((node) => node.name === name)?.steps.map(({ id }) => id) ?? [];
    return Object.entries(steps)
      .filter(([id]) => !ids.includes(id))
      .flatMap(([id, { type, line }]) => types.get(type)?.remains(name, id, line) ?? []);
  });

/** The cluster's nodes as they will be once their steps are done. */
export const foreseen = (nodes: readonly NodeFacts[], answers: readonly NodeAnswer[], types: NodeTypes): NodeFacts[] =>
  nodes.map((facts) => {
    const answer = answers.find(({ node }) => node.name === facts.name);
    const type = answer?.facts === undefined ? undefined : types.get(answer.node.type);
    return type ? type.foresee(facts, answer!.node.settings, answer!.facts) : facts;
  });

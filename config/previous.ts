import * as pulumi from "@pulumi/pulumi";
import type { DoneStep, DoneSteps } from "../model/node-preparation";

/** What the stack's state has of its last update. */
export interface LastUpdate {
  /** The cluster that it went to; absent before the first update. */
  deployedTo?: string;
  /** The uids of the claims that it had, by `namespace/name`. */
  known: Record<string, string>;
  /** How often each service's passwords had been given, by service. */
  rotations: Record<string, number>;
  /** What has been done on the nodes. */
  nodeSteps: DoneSteps;
}

/** A resource of the state, as the engine answers: its outputs are beside its type. */
interface StateAnswer {
  type: string;
  outputs?: { cluster?: { uid?: string }; claims?: Record<string, string>; rotation?: number } & NodeStepOutputs;
}

/** Of a step on a node: see components/node-steps.ts. */
type NodeStepOutputs = Partial<DoneStep & { node: string; step: string }>;

const serviceType = "cluster-storage:index:StatefulService";
const nodeStepType = "cluster-storage:index:NodeStep";

/** Reads the stack's own state: the stack's outputs, and those of its services. */
export async function lastUpdate(): Promise<LastUpdate> {
  const stackName = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const { outputs = {} } = (await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName })) as {
    outputs?: Record<string, StateAnswer>;
  };
  return readLastUpdate(outputs);
}

/** Pure; exported for its test. `resources`: by URN. */
export function readLastUpdate(resources: Record<string, StateAnswer>): LastUpdate {
  const ofType = (wanted: string) =>
    Object.values(resources).flatMap(({ type, outputs }) => (type === wanted && outputs ? [outputs] : []));
  const services = ofType(serviceType);
  const rotations = Object.entries(resources).flatMap(([urn, { type, outputs }]) =>
    type === serviceType && outputs?.rotation !== undefined ? [[urn.split("::").at(-1) ?? "", outputs.rotation]] : [],
  );
  return {
    deployedTo: ofType("pulumi:pulumi:Stack")[0]?.cluster?.uid,
    known: Object.fromEntries(services.flatMap(({ claims = {} }) => Object.entries(claims))),
    rotations: Object.fromEntries(rotations) as Record<string, number>,
    nodeSteps: nodeSteps(ofType(nodeStepType)),
  };
}

function nodeSteps(all: readonly NodeStepOutputs[]): DoneSteps {
  const nodes: Record<string, Record<string, DoneStep>> = {};
  for (const { node, step, type, line, round = 0 } of all)
    // One that was begun and never done has no outputs.
    if (node !== undefined && step !== undefined && type !== undefined)
      (nodes[node] ??= {})[step] = { type, line, round };
  return nodes;
}

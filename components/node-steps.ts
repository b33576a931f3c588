import { Command } from "@pulumi/command/local";
import { Command as RemoteCommand, type CommandArgs as RemoteArgs } from "@pulumi/command/remote";
import * as pulumi from "@pulumi/pulumi";
import {
  type DoneSteps,
  type NodePlan,
  type NodeStep,
  type NodeTask,
  nodeTaskVariable,
} from "../model/node-preparation";
import type { ClusterPlan } from "../model/plan";

/** Seconds for which one connection over SSH is tried, and how often. */
const dialing = { perDialTimeout: 10, dialErrorLimit: 2 };

export interface NodeStepsArgs {
  nodes: readonly NodePlan[];
  cluster: ClusterPlan;
  /** Where each node is reached over SSH, by name; absent where it isn't known, as in a preview. */
  addresses: Readonly<Record<string, string>>;
  /** The private key for SSH; absent: the agent's keys. */
  privateKey?: string;
  /** How often each step was done, or is done now, because what it had made was gone. */
  rounds: DoneSteps;
  /** Called when a step is done. */
  done(node: NodePlan, step: NodeStep): void;
}

/**
 * One command for each step, node after node and step after step. The same lines run nothing. None of them has anything
 * to do when its line is taken out, or when the stack goes. Returns the last one.
 */
export function createNodeSteps(args: NodeStepsArgs): pulumi.CustomResource | undefined {
  let last: Step | undefined;
  for (const node of args.nodes) for (const step of node.steps) last = new Step(args, node, step, last);
  return last?.command;
}

/** A step and what the next update knows of it: it is in its outputs as soon as the command has succeeded. */
class Step extends pulumi.ComponentResource {
  readonly command: pulumi.CustomResource;

  constructor(args: NodeStepsArgs, node: NodePlan, step: NodeStep, after: Step | undefined) {
    const name = `${node.name}-${step.id}`;
    super("cluster-storage:index:NodeStep", name, {}, { dependsOn: after });
    const round = args.rounds[node.name]?.[step.id]?.round ?? 0;
    // Neither output is shown or kept: what a script prints is for whoever reads an error.
    const opts = { parent: this, dependsOn: after, additionalSecretOutputs: ["stdout", "stderr"] };
    this.command =
      step.run === "local"
        ? new Command(name, this.localInputs(args, node, step, round), opts)
        : new RemoteCommand(name, this.remoteInputs(args, node, step.run, round), opts);
    const { type } = node;
    const done = this.command.id.apply(() => {
      if (!pulumi.runtime.isDryRun()) args.done(node, step);
      return { node: node.name, step: step.id, type, line: step.line, round };
    });
    this.registerOutputs({
      node: done.node,
      step: done.step,
      type: done.type,
      line: done.line,
      round: done.round,
    });
  }

  private localInputs({ cluster }: NodeStepsArgs, node: NodePlan, step: NodeStep, round: number) {
    const { configFile, config, context } = node.access.talos;
    const task: NodeTask = {
      node: node.name,
      type: node.type,
      ...(node.address !== undefined && { address: node.address }),
      step: { id: step.id, line: step.line, words: step.words },
      round,
      talos: {
        ...(configFile !== undefined && { configFile }),
        ...(context !== undefined && { context }),
        ...(config && { stdin: true as const }),
      },
      cluster: {
        context: cluster.context,
        ...(cluster.kubeconfig !== undefined && { kubeconfig: cluster.kubeconfig }),
      },
    };
    return {
      create: "node ops/run.mjs prepare-node",
      environment: { [nodeTaskVariable]: JSON.stringify(task) },
      ...(config && { stdin: pulumi.secret(config.reveal()) }),
      addPreviousOutputInEnv: false,
    };
  }

  private remoteInputs(
    { addresses, privateKey }: NodeStepsArgs,
    node: NodePlan,
    { remote, script }: Exclude<NodeStep["run"], "local">,
    round: number,
  ): RemoteArgs {
    // The plugin asks the agent at SSH_AUTH_SOCK by itself. Its path changes with each login, and a change runs a step.
    const { user, port } = node.access.ssh;
    const host = addresses[node.name];
    return {
      create: remote,
      stdin: round === 0 ? script : `${script}\n# done anew: ${round}\n`,
      connection: {
        host: host ?? pulumi.output(Promise.resolve("")),
        user,
        port,
        hostKey: node.hostKey,
        ...(privateKey !== undefined && { privateKey: pulumi.secret(privateKey) }),
        ...dialing,
      },
      addPreviousOutputInEnv: false,
      logging: "none",
    };
  }
}

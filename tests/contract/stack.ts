import { Provider } from "@pulumi/kubernetes/provider";
import { CommandError, LocalWorkspace, type EngineEvent, type OutputMap, type Stack } from "@pulumi/pulumi/automation";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { execa } from "execa";
import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { uniqueName } from "./cluster";
import { keepConnectionsApart } from "./engine-connections";
import { contractCluster, temporaryPulumi, type ContractCluster, type PulumiHome } from "./environment";

/** Declares resources; `options` carry the provider for the cluster. Its result is the stack's outputs. */
export type Program = (
  options: CustomResourceOptions,
  cluster: ContractCluster,
) => Record<string, unknown> | void | Promise<Record<string, unknown> | void>;

/**
 * What an operation did, or would do, with each resource, by logical name: create, update, replace, delete, same ...
 */
export type Steps = Record<string, string>;

export interface TestStack {
  /** `onEvent` hears what the engine says meanwhile. */
  up(program: Program, onEvent?: (event: EngineEvent) => void): Promise<{ steps: Steps; outputs: OutputMap }>;
  preview(program: Program): Promise<Steps>;
  refresh(program: Program): Promise<Steps>;
  destroy(): Promise<Steps>;
  /** The state file as it is on disk. */
  stateText(): Promise<string>;
  home: PulumiHome;
  name: string;
}

const projectName = "contract";

export interface StackOptions {
  /** Refuse objects without an explicit name; default true, as in the product's stacks. */
  explicitNames?: boolean;
}

/** A stack for the tests of one `describe`, destroyed afterwards. */
export function useStack({ explicitNames = true }: StackOptions = {}): () => TestStack {
  let stack: TestStack;
  before(async () => {
    stack = await createStack(explicitNames);
  });
  after(async () => {
    await stack?.destroy();
    await stack?.home.remove();
  });
  return () => stack;
}

async function createStack(explicitNames: boolean): Promise<TestStack> {
  const cluster = contractCluster();
  const home = await temporaryPulumi(cluster.kubeconfig);
  const name = uniqueName("test");
  const config = explicitNames ? { "pulumi:autonaming": { mode: "disabled" } } : {};
  keepConnectionsApart();
  const stack = await LocalWorkspace.createStack(
    { projectName, stackName: name, program: async () => undefined },
    {
      envVars: home.env as Record<string, string>,
      stackSettings: { [name]: { config } },
    },
  );
  const run = <R>(work: (onEvent: (event: EngineEvent) => void) => Promise<R>) => collect(work);
  const use = (program: Program) => {
    stack.workspace.program = async () => (await program({ provider: provider(cluster) }, cluster)) ?? undefined;
  };
  return {
    home,
    name,
    async up(program, listen) {
      use(program);
      const { result, steps } = await run((onEvent) =>
        stack.up({ onEvent: (event) => (onEvent(event), listen?.(event)) }),
      );
      return { steps, outputs: result.outputs };
    },
    async preview(program) {
      use(program);
      return (await run((onEvent) => stack.preview({ onEvent }))).steps;
    },
    async refresh(program) {
      use(program);
      return (await run((onEvent) => stack.refresh({ onEvent }))).steps;
    },
    destroy: async () => (await run((onEvent) => destroy(stack, onEvent))).steps,
    stateText: () => stateText(home, name),
  };
}

function provider({ kubeconfig, context }: ContractCluster): Provider {
  return new Provider("cluster", { kubeconfig, context, clusterIdentifier: "contract" });
}

async function destroy(stack: Stack, onEvent: (event: EngineEvent) => void): Promise<void> {
  // What a test protected has to go as well.
  const { workDir: cwd, envVars: env } = stack.workspace;
  await execa("pulumi", ["state", "unprotect", "--all", "--yes", "--stack", stack.name], { cwd, env });
  await stack.destroy({ onEvent });
}

async function collect<R>(
  work: (onEvent: (event: EngineEvent) => void) => Promise<R>,
): Promise<{ result: R; steps: Steps }> {
  const steps: Steps = {};
  const result = await work(({ resourcePreEvent }) => {
    if (!resourcePreEvent) return;
    const { op, urn } = resourcePreEvent.metadata;
    const name = urn.split("::").slice(3).join("::");
    // A replacement comes as three steps.
    steps[name] = op.includes("replace") ? "replace" : op;
  });
  return { result, steps };
}

export async function stateText(home: PulumiHome, stack: string): Promise<string> {
  for await (const file of glob(join(home.backend, ".pulumi/stacks/**", `${stack}.json`)))
    return readFile(file, "utf8");
  throw new Error(`no state of ${stack} below ${home.backend}`);
}

/** What the CLI said when it failed; throws when it did not fail. */
export async function failureOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof CommandError) return error.message;
    throw error;
  }
  throw new Error("the operation succeeded, but should have failed");
}

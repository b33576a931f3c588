import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { pulumiEnv } from "../local-cluster/pulumi";
import { ensureStack, pulumi, type Stack } from "../ops/pulumi/stack";

/** The name of every stack that is measured. */
export const stackName = "bench";

/** Config that skips the preflight checks that a cluster without a node can't pass. */
export const withoutNode = {
  "cluster-storage:preflight": {
    skip: ["cluster-nodes", "local-path-nodes"].map((check) => ({
      check,
      reason: "an API server without a node, on which nothing is placed",
    })),
  },
};

export interface BenchStack {
  /** The program's directory. */
  program: string;
  /** The directory of its state, which no other stack uses. */
  directory: string;
  kubeconfig: string;
  config: Record<string, unknown>;
  env?: Record<string, string>;
}

/** Makes a stack of a program, with nothing deployed. */
export async function makeStack({ program, directory, kubeconfig, config, env }: BenchStack): Promise<Stack> {
  const home = join(directory, "project");
  const configFile = join(home, `Pulumi.${stackName}.yaml`);
  await mkdir(home, { recursive: true });
  await writeFile(join(home, "Pulumi.yaml"), "name: cluster-storage\nruntime: nodejs\n");
  await writeFile(configFile, stringify({ config }));
  const environment = {
    ...process.env,
    ...(await pulumiEnv({ stateDir: directory, kubeconfig, standIns: true })),
    ...env,
  };
  const stack: Stack = { name: stackName, project: "cluster-storage", env: environment, program, home, configFile };
  await ensureStack(stack);
  return stack;
}

/** Runs `pulumi COMMAND …` with the stack's program, and returns what it printed. */
export function runProgram(stack: Stack, command: string, ...options: string[]): Promise<string> {
  return pulumi(stack, [command, "--stack", stack.name, "--config-file", stack.configFile!, ...options], {
    cwd: stack.program,
  });
}

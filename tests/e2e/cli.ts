import { execa } from "execa";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encryptionSalt, overrideConfig, type Overrides } from "../../ops/pulumi/overrides";
import { checkout, readStackConfig } from "../../ops/pulumi/project";
import type { Cluster } from "./fixture";

/** How a command ended, and all that it printed. */
export interface Ended {
  exitCode: number | undefined;
  printed: string;
}

/** The dev stack's config as it is deployed here, with `change` laid over it. */
export async function changedConfig({ target: { stack }, overrides }: Cluster, change: Overrides): Promise<string> {
  const deployed = overrideConfig(await readStackConfig(stack.name), overrides);
  return overrideConfig(deployed, change, encryptionSalt(await readFile(stack.configFile!, "utf8").catch(() => "")));
}

/** Runs the real CLI on the dev stack with a changed config, as a user would; never throws for its failure. */
export async function pulumiWith(
  cluster: Cluster,
  change: Overrides,
  args: string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  const { stack } = cluster.target;
  const scratch = await mkdtemp(join(tmpdir(), "config-"));
  const config = join(scratch, `Pulumi.${stack.name}.yaml`);
  await writeFile(config, await changedConfig(cluster, change));
  const all = [
    ...args,
    "--stack",
    stack.name,
    "--config-file",
    config,
    "--suppress-outputs",
    "--non-interactive",
    "--color",
    "never",
  ];
  const { exitCode, all: printed } = await execa("pulumi", all, {
    cwd: checkout,
    env: { ...stack.env, ...env },
    extendEnv: false,
    all: true,
    reject: false,
  });
  await rm(scratch, { recursive: true });
  return { exitCode, printed };
}

/**
 * Runs a command as npm does, on the instance of these tests. What is printed to both ends may come in another order
 * than it was written.
 */
export async function ops(
  args: string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Ended & { stdout: string; stderr: string }> {
  const result = await execa("node", ["ops/run.mjs", ...args], {
    cwd: checkout,
    env,
    all: true,
    reject: false,
    input: "",
  });
  return { exitCode: result.exitCode, printed: result.all, stdout: result.stdout, stderr: result.stderr };
}

/**
 * The first error in what the CLI printed under "Diagnostics:", or before there was anything to diagnose, without its
 * indentation.
 */
export function stackError(printed: string): string {
  const lines = printed.slice(Math.max(0, printed.indexOf("Diagnostics:"))).split("\n");
  // The stack's own line says no more than that; a resource's says why.
  const why = lines.findIndex((line) => /^\s*error: (?!update failed$)/.test(line));
  const first = why < 0 ? lines.findIndex((line) => /^\s*error: /.test(line)) : why;
  if (first < 0) return `no error in: ${printed}`;
  const end = lines.findIndex((line, i) => i > first && (line.trim() === "" || /^\s*(error|warning): /.test(line)));
  const indent = /^\s*/.exec(lines[first]!)![0].length;
  return lines
    .slice(first, end < 0 ? undefined : end)
    .map((line) => line.slice(indent))
    .join("\n")
    .replace(/^error: /, "")
    .trim();
}

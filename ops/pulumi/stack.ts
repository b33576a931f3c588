import { runCli, type CliOptions } from "./cli";
import { describeCliError } from "./cli-errors";
import { isIncomplete, parseOutputs, type StackOutputs } from "./outputs";
import type { StateExport } from "./state";

/** One stack and how the Pulumi CLI reaches it. */
export interface Stack {
  name: string;
  project: string;
  /** Complete environment of the CLI: whose login, state and passphrase it uses. */
  env: NodeJS.ProcessEnv;
  /** The program's directory. */
  program: string;
  /**
   * The working directory of commands that don't run the program. For our own stacks it is not the program's directory:
   * Pulumi writes into the stack's config file beside Pulumi.yaml, and the committed file must not change.
   */
  home: string;
  /** Config file of commands that run the program; default: the one beside Pulumi.yaml. */
  configFile?: string;
  /** Directory of a file backend; undefined where the state is kept elsewhere. */
  backend?: string;
}

/** `project/stack`, as the objects' annotation has it. */
export const stackId = ({ project, name }: Stack) => `${project}/${name}`;

/** Runs the Pulumi CLI and returns its standard output. Throws a UserError where the run failed. */
export async function pulumi(
  stack: Stack,
  args: string[],
  { cwd = stack.home, ...options }: Partial<Omit<CliOptions, "env">> = {},
): Promise<string> {
  const result = await runCli(args, { ...options, cwd, env: stack.env });
  if (!result.ok) throw describeCliError(result, stack);
  return result.stdout;
}

/** Selects our stack, and creates it where it doesn't exist yet. */
export async function ensureStack(stack: Stack): Promise<void> {
  await pulumi(stack, ["stack", "select", stack.name, "--create"]);
}

export async function readOutputs(stack: Stack): Promise<StackOutputs> {
  return parseOutputs(await rawOutputs(stack), stack.name);
}

/** The stack's services after its last update; none where no update was carried out to its end. */
export async function readOutputServices(stack: Stack): Promise<StackOutputs["services"]> {
  const values = await rawOutputs(stack);
  return isIncomplete(values) ? {} : parseOutputs(values, stack.name).services;
}

const rawOutputs = async (stack: Stack): Promise<unknown> =>
  JSON.parse(await pulumi(stack, ["stack", "output", "--json", "--stack", stack.name]));

/** The state with its secrets encrypted. */
export async function exportState(stack: Stack): Promise<StateExport> {
  return JSON.parse(await pulumi(stack, ["stack", "export", "--stack", stack.name])) as StateExport;
}

/** Reads only these resources again from the cluster. */
export async function refresh(stack: Stack, urns: readonly string[]): Promise<void> {
  const targets = urns.flatMap((urn) => ["--target", urn]);
  await pulumi(stack, ["refresh", "--yes", "--skip-preview", ...withProgram(stack), ...targets], {
    cwd: stack.program,
  });
}

/**
 * The number of resources that Pulumi works on at a time. A resource that Pulumi only waits for takes a place too and
 * costs nothing. On two cores the default is so low that a stack's services take all places.
 */
export const parallel = ["--parallel", "32"];

/** Runs `pulumi up`. Returns the counts of its summary, such as `{ created: 12 }` or `{ unchanged: 70 }`. */
export async function up(stack: Stack, onLine: (line: string) => void): Promise<Record<string, number>> {
  const printed = await pulumi(stack, ["up", "--yes", "--skip-preview", ...parallel, ...withProgram(stack)], {
    cwd: stack.program,
    onLine,
  });
  return countChanges(printed);
}

/** Reads the counts under "Resources:" at the end of the CLI's output. */
export function countChanges(printed: string): Record<string, number> {
  const summary = printed.slice(printed.lastIndexOf("\nResources:"));
  return Object.fromEntries(
    [...summary.matchAll(/^\s+(?:\d+ changes?\. |[-+~=<>]*\s*)(\d+) (\w+)$/gm)].map(([, count, what]) => [
      what,
      Number(count),
    ]),
  );
}

export function withProgram({ name, configFile }: Stack): string[] {
  return ["--stack", name, ...(configFile ? ["--config-file", configFile] : [])];
}

import { UserError } from "../../model/user-error";
import { runCli, type CliResult } from "./cli";
import { describeCliError } from "./cli-errors";
import { pulumi, withProgram, type Stack } from "./stack";

/**
 * One step of `pulumi preview --json`. `State`: the part of a resource that the caller reads, before and
 * after the step.
 */
export interface Step<State> {
  op: string;
  urn: string;
  oldState?: State;
  newState?: State;
  replaceReasons?: string[] | null;
  detailedDiff?: Record<string, unknown> | null;
}

export interface Diagnostic {
  urn?: string;
  message: string;
  severity: string;
}

export interface Preview<State> {
  /** The stack's config as the program got it, with objects as JSON text. */
  config: Record<string, string>;
  steps: Step<State>[];
  diagnostics: Diagnostic[];
}

/** A preview that was run to its end, and how it ended. */
export interface PreviewRun<State> {
  /** Undefined where the CLI ended before it printed any JSON. */
  preview: Preview<State> | undefined;
  result: CliResult;
}

/** Runs `pulumi preview --json`. A failed preview prints its JSON too, so the caller judges the failure. */
export async function runPreview<State>(stack: Stack, args: readonly string[] = []): Promise<PreviewRun<State>> {
  const result = await runCli(["preview", ...withProgram(stack), "--json", ...args], {
    env: stack.env,
    cwd: stack.program,
  });
  return { preview: parsePreview<State>(result.stdout), result };
}

/** The steps of a preview. Throws a UserError with the CLI's own diagnostics where the preview failed. */
export async function previewSteps<State>(stack: Stack): Promise<Step<State>[]> {
  const { preview, result } = await runPreview<State>(stack);
  if (!result.ok) throw describeCliError(result, stack);
  return preview?.steps ?? [];
}

/** What `pulumi preview` prints for a person. Throws a UserError where the program refuses. */
export async function previewText(stack: Stack): Promise<string> {
  return pulumi(stack, ["preview", "--suppress-outputs", ...withProgram(stack)], { cwd: stack.program });
}

/** Reads the CLI's JSON; undefined where there is none. Throws a UserError where the JSON ends too early. */
export function parsePreview<State>(printed: string): Preview<State> | undefined {
  if (!printed.trimStart().startsWith("{")) return undefined;
  try {
    const { config = {}, steps = [], diagnostics = [] } = JSON.parse(printed) as Partial<Preview<State>>;
    return { config, steps, diagnostics };
  } catch {
    throw new UserError("pulumi preview was killed, so its output is incomplete; run the command again");
  }
}

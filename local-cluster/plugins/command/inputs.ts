import { reveal, type JsonObject, type Properties, type Value } from "../protocol/values";
import { connectionIn } from "./connection";
import type { Logging, Output } from "./output";
import type { RemoteCommand } from "./remote";
import type { ShellCommand } from "./shell";

/** A local command with the settings that it shares with the resource's other commands. */
export function shellCommand(command: string, inputs: Properties, previous: Partial<Output> = {}): ShellCommand {
  const settings = reveal(inputs) as JsonObject;
  for (const name of ["assetPaths", "archivePaths"]) {
    if (settings[name] != null)
      throw new Error(`${name}: not supported by the stand-in command plugin; the official plugin has it`);
  }
  const common = commonSettings(settings);
  return {
    ...common,
    command,
    interpreter: (settings.interpreter as string[] | null) ?? [],
    dir: (settings.dir as string | null) ?? undefined,
    environment: { ...common.environment, ...previousOutput(settings, previous) },
  };
}

/** The same of a remote command. */
export function remoteCommand(command: string, inputs: Properties, previous: Partial<Output> = {}): RemoteCommand {
  const settings = reveal(inputs) as JsonObject;
  return {
    ...commonSettings(settings),
    command,
    connection: connectionIn(inputs),
    previous: previousOutput(settings, previous),
  };
}

function commonSettings(settings: JsonObject): Pick<ShellCommand, "environment" | "stdin" | "logging"> {
  return {
    environment: (settings.environment as Record<string, string> | null) ?? {},
    stdin: (settings.stdin as string | null) ?? "",
    logging: (settings.logging as Logging | null) ?? "stdoutAndStderr",
  };
}

function previousOutput(settings: JsonObject, { stdout, stderr }: Partial<Output>): Record<string, string> {
  if (settings.addPreviousOutputInEnv === false) return {};
  return {
    ...(stdout && { PULUMI_COMMAND_STDOUT: stdout }),
    ...(stderr && { PULUMI_COMMAND_STDERR: stderr }),
  };
}

/** The output of an earlier run, from the state. */
export function outputIn(state: Properties): Partial<Output> {
  const text = (value: Value | undefined): string | undefined => {
    const plain = reveal(value ?? null);
    return typeof plain === "string" ? plain : undefined;
  };
  return { stdout: text(state.stdout), stderr: text(state.stderr) };
}

/**
 * Inputs and output. As with the official plugin, the output of a command with a secret argument is no secret by
 * itself: the program that needs it says so (additionalSecretOutputs).
 */
export const withOutput = (inputs: Properties, { stdout, stderr }: Record<keyof Output, Value>): Properties => ({
  ...inputs,
  stdout,
  stderr,
});

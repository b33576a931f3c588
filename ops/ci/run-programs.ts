import { execa } from "execa";
import { readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { consoleProgress } from "../../local-cluster/progress";
import { ensurePulumi } from "../../local-cluster/tools";
import { runCli } from "../pulumi/cli";
import { describeCliError } from "../pulumi/cli-errors";
import { UserError } from "../../model/user-error";
import { ifThere } from "../pulumi/if-there";
import { checkout } from "../pulumi/project";
import { withDirectory } from "../pulumi/scratch";
import type { Stack } from "../pulumi/stack";
import { learnSecrets, redact } from "./redact";
import { secretsOfStack } from "./stack-secrets";
import { withoutStatuses } from "./statuses";

/** Whether a command succeeded, and what it printed, without secrets. */
export interface Ended {
  ok: boolean;
  printed: string;
}

/** Puts the pinned CLI on PATH where there is no CLI: the runner's cached one, or else a downloaded one. */
export async function ensureCli(env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const { failed } = await execa("pulumi", ["version"], { env, extendEnv: false, reject: false });
  if (failed) env.PATH = [(await ensurePulumi(consoleProgress())).bin, env.PATH].filter(Boolean).join(delimiter);
}

/** Redacts the stack's secrets from all that this process prints from now on. */
export const learnSecretsOf = async (stack: Stack): Promise<void> => learnSecrets(await secretsOfStack(stack));

/**
 * Runs the CLI on the stack's program to its end, also where the program fails. Throws a UserError where the CLI didn't
 * get to the program: no such stack, a locked state, a missing token or passphrase.
 */
export async function runProgram(stack: Stack, args: string[]): Promise<Ended> {
  const { name, env, program, configFile } = stack;
  await learnSecretsOf(stack);
  const file = configFile ? ["--config-file", configFile] : [];
  return withDirectory("events", async (directory) => {
    const log = join(directory, "events");
    const result = await runCli([...args, "--stack", name, ...file, "--event-log", log], {
      env: { ...env, PULUMI_DEBUG_COMMANDS: "true" }, // Without it the CLI has no --event-log.
      cwd: program,
    });
    const said = withoutStatuses(result.all, (await ifThere(readFile(log, "utf8"))) ?? "");
    const printed = redact(said, { ...process.env, ...env });
    if (!result.ok && !/^(Resources|Diagnostics|Policies):$/m.test(printed))
      throw describeCliError({ ...result, all: printed }, { name });
    return { ok: result.ok, printed };
  });
}

/**
 * Runs one of the project's own commands and shows its progress. Throws a UserError where the command can't be
 * run at all.
 */
export async function runCommand(args: string[], { show = false } = {}): Promise<{ exitCode: number; stdout: string }> {
  const result = await execa("node", ["ops/run.mjs", ...args], {
    cwd: checkout,
    reject: false,
    stdout: show ? ["pipe", "inherit"] : "pipe",
    stderr: "inherit",
    stdin: "ignore",
  });
  if (result.exitCode === undefined) throw new UserError(`npm run ${args.join(" ")}: ${result.shortMessage}`);
  return { exitCode: result.exitCode, stdout: redact(result.stdout) };
}

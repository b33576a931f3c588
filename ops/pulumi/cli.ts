import { execa } from "execa";
import * as path from "node:path";
import { configFileVariable } from "../../config/config-file-variable";
import { finishOnInterrupt } from "../terminal/interrupt";

export interface CliOptions {
  /** The CLI's complete environment: whose login, state and passphrase it uses. */
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** What the CLI reads from its standard input. */
  input?: string;
  /** Called for each line that the CLI prints, as soon as it is printed. */
  onLine?: (line: string) => void;
}

/** How a run of the CLI ended, and what it printed. */
export interface CliResult {
  ok: boolean;
  stdout: string;
  /** Standard output and standard error, in the order in which they were printed. */
  all: string;
  stderr: string;
  /** `ENOENT` where there is no CLI on PATH. */
  code?: string;
  /** The exit code, or the signal that ended the CLI. */
  endedWith: number | string | undefined;
  /** One line that says how the run failed. */
  shortMessage?: string;
}

/**
 * Runs the Pulumi CLI to its end, without prompts and colours. Never throws for a failed run. Ctrl-C lets the CLI
 * finish its work.
 */
export async function runCli(args: readonly string[], { env, cwd, input, onLine }: CliOptions): Promise<CliResult> {
  const child = execa("pulumi", [...args, "--non-interactive", "--color", "never"], {
    cwd,
    env: { ...env, ...namedConfigFile(args, cwd) },
    extendEnv: false,
    all: true,
    input,
    reject: false,
    forceKillAfterDelay: false,
  });
  if (onLine) void readLines(child.iterable({ from: "all" }), onLine);
  const { failed, stdout, stderr, all, code, exitCode, signal, shortMessage } = await finishOnInterrupt(child, () =>
    child.kill("SIGINT"),
  );
  return {
    ok: !failed,
    stdout: stdout ?? "",
    stderr: stderr ?? "",
    all: all ?? "",
    code,
    endedWith: exitCode ?? signal,
    shortMessage,
  };
}

/** Tells the program which config file the CLI was given, because Pulumi doesn't. */
function namedConfigFile(args: readonly string[], cwd: string): NodeJS.ProcessEnv {
  const at = args.indexOf("--config-file");
  return at < 0 ? {} : { [configFileVariable]: path.resolve(cwd, args[at + 1] ?? "") };
}

async function readLines(lines: AsyncIterable<unknown>, onLine: (line: string) => void): Promise<void> {
  try {
    for await (const line of lines) onLine(String(line));
  } catch {
    // The command's failure is reported by the command.
  }
}

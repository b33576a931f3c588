import { execa } from "execa";
import { finishOnInterrupt } from "../terminal/interrupt";

export interface CliOptions {
  /** The CLI's complete environment: whose login, state and passphrase it uses. */
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** What it reads from its standard input. */
  input?: string;
  /** Called for each line of what the CLI prints, while it prints it. */
  onLine?: (line: string) => void;
}

/** How a run of the CLI ended, and what it printed. */
export interface CliResult {
  ok: boolean;
  stdout: string;
  /** Standard output and standard error as they were printed. */
  all: string;
  stderr: string;
  /** `ENOENT` where there is no CLI on PATH. */
  code?: string;
  /** The exit code, or the signal that ended it. */
  endedWith: number | string | undefined;
  /** One line that says how it failed. */
  shortMessage?: string;
}

/**
 * Runs the Pulumi CLI, without prompts and colours, to its end, good or bad. Never throws for a failed run. Ctrl-C lets
 * the CLI finish what it does.
 */
export async function runCli(args: readonly string[], { env, cwd, input, onLine }: CliOptions): Promise<CliResult> {
  const child = execa("pulumi", [...args, "--non-interactive", "--color", "never"], {
    cwd,
    env,
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

async function readLines(lines: AsyncIterable<unknown>, onLine: (line: string) => void): Promise<void> {
  try {
    for await (const line of lines) onLine(String(line));
  } catch {
    // The command's failure is reported by the command.
  }
}

import { spawn } from "node:child_process";
import { chomp, collect, failure, type Logging, type Output } from "./output";

export interface ShellCommand {
  command: string;
  interpreter: string[];
  dir?: string;
  environment: Record<string, string>;
  stdin: string;
  logging: Logging;
}

/** Runs a command to its end. Throws with all its output when it can't be started or its exit code is not 0. */
export function run(shell: ShellCommand, log: (line: string) => void, cancelled: AbortSignal): Promise<Output> {
  const [program, ...args] = shell.interpreter.length > 0 ? shell.interpreter : ["/bin/sh", "-c"];
  // The command gets its own process group, so that cancelling it ends its children too.
  const child = spawn(program, [...args, shell.command], {
    cwd: shell.dir,
    env: { ...process.env, ...shell.environment },
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const stop = (): void => {
    if (child.pid) process.kill(-child.pid, "SIGTERM");
  };
  cancelled.addEventListener("abort", stop);
  child.stdin.on("error", () => undefined); // a command need not read its input
  child.stdin.end(shell.stdin);

  const { output, all } = collect(child, shell.logging, log);
  return new Promise<Output>((resolve, reject) => {
    child.on("error", (error) => reject(failure(error.message, shell.command, "")));
    child.on("close", (code, signal) => {
      if (code === 0) resolve({ stdout: chomp(output.stdout), stderr: chomp(output.stderr) });
      else reject(failure(signal ? `signal ${signal}` : `exit status ${code}`, shell.command, all()));
    });
  }).finally(() => cancelled.removeEventListener("abort", stop));
}

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";

export interface ShellCommand {
  command: string;
  interpreter: string[];
  dir?: string;
  environment: Record<string, string>;
  stdin: string;
  logging: Logging;
}
export type Logging = "stdout" | "stderr" | "stdoutAndStderr" | "none";

export interface Output {
  stdout: string;
  stderr: string;
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

  const output = { stdout: "", stderr: "" };
  let all = "";
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
      all += text;
    });
    if (shell.logging === name || shell.logging === "stdoutAndStderr") {
      createInterface(child[name].pipe(new PassThrough())).on("line", log);
    }
  }
  return new Promise<Output>((resolve, reject) => {
    child.on("error", (error) => reject(new Error(`${error.message}: running "${shell.command}"`)));
    child.on("close", (code, signal) => {
      if (code === 0) resolve({ stdout: chomp(output.stdout), stderr: chomp(output.stderr) });
      else
        reject(
          new Error(`${signal ? `signal ${signal}` : `exit status ${code}`}: running "${shell.command}":\n${all}`),
        );
    });
  }).finally(() => cancelled.removeEventListener("abort", stop));
}

function chomp(text: string): string {
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}

import { createInterface } from "node:readline";
import { PassThrough, type Readable } from "node:stream";

export type Logging = "stdout" | "stderr" | "stdoutAndStderr" | "none";

export interface Output {
  stdout: string;
  stderr: string;
}

/** Collects what a command prints, and gives the lines that `logging` asks for to `log`. `all` is both in one text. */
export function collect(
  streams: Record<keyof Output, Readable>,
  logging: Logging,
  log: (line: string) => void,
): { output: Output; all: () => string } {
  const output = { stdout: "", stderr: "" };
  let all = "";
  for (const name of ["stdout", "stderr"] as const) {
    streams[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
      all += text;
    });
    if (logging === name || logging === "stdoutAndStderr")
      createInterface(streams[name].pipe(new PassThrough())).on("line", log);
  }
  return { output, all: () => all };
}

/** The official plugin's words: how it ended, the command in quotes, and all its output. */
export const failure = (ending: string, command: string, output: string): Error =>
  new Error(`${ending}: running ${JSON.stringify(command)}:\n${output}`);

export const chomp = (text: string): string => (text.endsWith("\n") ? text.slice(0, -1) : text);

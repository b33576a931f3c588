// The program of a copy pod: `copy.mjs measure` or `copy.mjs copy`. The environment variable COPY holds its task. The
// last line that it prints is an Outcome, and so is its pod's termination message. Exit code 0: it went well; 3: a
// person has to change something; 1: another try may go well.
import { writeFileSync } from "node:fs";
import type { CopyTask, Outcome } from "../../model/mover";
import { faultOf } from "../faults";
import { copy, measure } from "./copy";

async function outcome(): Promise<Outcome> {
  try {
    const task: CopyTask = JSON.parse(process.env.COPY ?? "");
    return { result: process.argv[2] === "measure" ? await measure(task) : await copy(task) };
  } catch (error) {
    return faultOf(error);
  }
}

async function main(): Promise<void> {
  const ended = await outcome();
  const text = JSON.stringify(ended);
  process.stdout.write(`${text}\n`);
  writeFileSync(process.env.OUTCOME ?? "/dev/termination-log", text.slice(0, 4000));
  process.exitCode = "error" in ended ? (ended.transient ? 1 : 3) : 0;
}

// The first process of a container ignores signals that end other processes, unless it handles them.
process.on("SIGTERM", () => process.exit(143));
void main();

import { writeFileSync } from "node:fs";
import { moveExit } from "../model/move-exit";
import type { Copied, Measured, Outcome } from "../model/mover";
import { exitOf, faultOf } from "./faults";

/**
 * Runs the program of a pod that brings data: `measure` or `copy`, as its first argument says. The last line that it
 * prints is an Outcome, and so is its pod's termination message. Exit code 0: it went well; 3: a person has to change
 * something; 1: another try may go well.
 */
export async function runOutcome(act: (action: "measure" | "copy") => Promise<Measured | Copied>): Promise<void> {
  // The first process of a container ignores signals that end other processes, unless it handles them.
  process.on("SIGTERM", () => process.exit(143));
  const ended = await outcomeOf(() => act(process.argv[2] === "measure" ? "measure" : "copy"));
  const text = JSON.stringify(ended);
  process.stdout.write(`${text}\n`);
  writeFileSync(process.env.OUTCOME ?? "/dev/termination-log", text.slice(0, 4000));
  process.exitCode = "error" in ended ? exitOf(ended) : moveExit.done;
}

async function outcomeOf(act: () => Promise<Measured | Copied>): Promise<Outcome> {
  try {
    return { result: await act() };
  } catch (error) {
    return faultOf(error);
  }
}

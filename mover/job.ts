import { writeFileSync } from "node:fs";
import type { Ended } from "./orchestrate/run";

/**
 * Runs the program of a job, and ends the process with its exit code. SIGTERM aborts `told`. What it says last is its
 * pod's termination message too.
 */
export async function runJob(run: (told: AbortSignal) => Promise<Ended>): Promise<void> {
  const told = new AbortController();
  process.on("SIGTERM", () => told.abort());
  const { code, message } = await run(told.signal);
  if (message) {
    process.stderr.write(`${message}\n`);
    writeFileSync("/dev/termination-log", message.slice(0, 4000));
  }
  process.exit(code);
}

import { availableParallelism, constants, totalmem } from "node:os";
import { summary, type Result } from "./result";
import { chosen, labelOf, lanesFor, schedule, type Lane } from "./schedule";
import { runSuite, type Surroundings } from "./suite";
import type { Suite } from "../suites";

const interrupts = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A run: what its lanes share. */
class Run {
  readonly results: Result[] = [];
  signal: (typeof interrupts)[number] | undefined;
  readonly #programs = new Set<Parameters<Surroundings["started"]>[0]>();

  constructor(private readonly extra: string[]) {}

  /** Ends what runs, and starts nothing more. What runs in both lanes is waited for, and leaves no cluster. */
  stop(signal: (typeof interrupts)[number]): void {
    // Once more, because what comes from the terminal reaches the programs by themselves and may come twice.
    this.signal ??= signal;
    for (const program of this.#programs) program.kill(signal);
  }

  async stage(lanes: Lane[]): Promise<void> {
    await Promise.all(lanes.map((lane, index) => this.#lane(lane, index + 1, lanes.length > 1)));
  }

  async #lane(lane: Lane, number: number, beside: boolean): Promise<void> {
    const base = process.env.TEST_INSTANCE ?? "test";
    for (const suite of lane) {
      if (this.signal) return;
      const begun = Date.now();
      const counts = await runSuite(suite, {
        extra: this.extra,
        beside,
        // No name of the one may begin as the other's does, because each lane takes away what it left.
        instance: number === 1 ? base : `${base}${number}`,
        started: (program) => {
          this.#programs.add(program);
          void program.ended.finally(() => this.#programs.delete(program));
        },
        stopped: () => this.signal !== undefined,
      });
      this.results.push({ label: labelOf(suite), lane: number, seconds: (Date.now() - begun) / 1000, counts });
    }
  }
}

/**
 * Runs `[SUITE,… [mocha options]]` of these suites; without a name, all of them. Prints the sum of what the runners
 * counted as its last line, and returns the exit code. Throws RangeError, for people, where there is no such suite.
 */
export async function runSuites(suites: Suite[], [wanted, ...extra]: string[]): Promise<number> {
  const lanes = lanesFor({ cores: availableParallelism(), memory: totalmem() }, process.env.TEST_LANES);
  const stages = schedule(chosen(suites, wanted?.split(",")), lanes);
  const run = new Run(extra);
  for (const signal of interrupts) process.on(signal, () => run.stop(signal));
  for (const stage of stages) await run.stage(stage);
  const ended = run.signal && `${run.signal} ended the run; nothing more was started.`;
  process.stdout.write(summary(run.results, ended));
  if (run.signal) return 128 + constants.signals[run.signal];
  return run.results.every(({ counts }) => counts.failed === 0) ? 0 : 1;
}

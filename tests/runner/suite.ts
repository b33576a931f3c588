import { execa, type Options } from "execa";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Suite } from "../suites";
import { deleteLeftClusters } from "./leftovers";
import { labelOf } from "./schedule";
import type { Counts } from "./result";

export const root = resolve(__dirname, "../..");

/** How a suite runs. */
export interface Surroundings {
  /** Mocha's options beside the suite's own. */
  extra: string[];
  /** Whether another lane runs beside it: then each line says whose it is, and nothing reads from the terminal. */
  beside: boolean;
  /** Name of the suite's local cluster. */
  instance: string;
  /** Told of each program that is started, so that an interrupt can end it. */
  started: (program: { kill: (signal: NodeJS.Signals) => boolean; ended: Promise<unknown> }) => void;
  /** Whether the run was interrupted: nothing more is started. */
  stopped: () => boolean;
}

interface Ended {
  exitCode?: number;
  signal?: string;
}

/** Runs one suite with its output shown. A runner that dies without counts is one failure. */
export async function runSuite(suite: Suite, around: Surroundings): Promise<Counts> {
  process.stdout.write(`\n== ${labelOf(suite)}: ${suite.about}\n`);
  return suite.mocha ? runMocha(suite, suite.mocha, around) : runChecks(suite, around);
}

async function runChecks(suite: Suite, around: Surroundings): Promise<Counts> {
  const counts = { passed: 0, failed: 0, skipped: 0, failures: [] as string[] };
  for (const check of suite.checks ?? []) {
    if (around.stopped()) break;
    const [program = "", ...args] = check;
    const { exitCode } = await start(suite, around, join(root, "node_modules", ".bin", program), args);
    if (exitCode === 0) counts.passed++;
    else {
      counts.failed++;
      counts.failures.push(check.join(" "));
    }
  }
  return counts;
}

async function runMocha(suite: Suite, globs: string[], around: Surroundings): Promise<Counts> {
  const scratch = await mkdtemp(join(tmpdir(), "cluster-storage-test-"));
  const file = join(scratch, "counts.json");
  const options = [
    "--require",
    join(root, "tests/transpile.cjs"),
    "--reporter",
    join(root, "tests/reporter.cjs"),
    "--timeout",
    String(suite.timeout ?? 10_000),
    ...(suite.hooks ? ["--require", join(root, suite.hooks)] : []),
  ];
  const mocha = [join(root, "node_modules/mocha/bin/mocha.js"), ...options, ...globs, ...around.extra];
  const env = { TEST_COUNTS: file, TEST_INSTANCE: around.instance, FORCE_COLOR: "0" };
  const ended = await start(suite, around, process.execPath, mocha, env);
  const counts = await readCounts(file, ended);
  await rm(scratch, { recursive: true, force: true });
  return suite.hooks && !process.env.TEST_KEEP ? withoutLeftovers(counts, around.instance) : counts;
}

async function start(
  suite: Suite,
  { beside, started }: Surroundings,
  program: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<Ended> {
  const named = function* (line: unknown) {
    yield `[${labelOf(suite)}] ${String(line)}`;
  };
  const output = beside ? ([named, "inherit"] as const) : "inherit";
  const options: Options = {
    cwd: root,
    reject: false,
    env,
    buffer: false,
    stdin: beside ? "ignore" : "inherit",
    stdout: output,
    stderr: output,
  };
  const child = execa(program, args, options);
  started({ kill: (signal) => child.kill(signal), ended: child });
  const { exitCode, signal } = await child;
  return { exitCode, signal };
}

/** What the runner counted; where it fell over before or after its last test, that is one failure more. */
async function readCounts(file: string, { exitCode, signal }: Ended): Promise<Counts> {
  const how = signal ? `by ${signal}` : `with exit code ${exitCode}`;
  try {
    const counts = JSON.parse(await readFile(file, "utf8")) as Counts;
    return counts.failed === 0 && exitCode !== 0
      ? { ...counts, failed: 1, failures: [`the runner ended ${how} after its last test`] }
      : counts;
  } catch {
    return { passed: 0, failed: 1, skipped: 0, failures: [`the runner ended ${how}, without counts`] };
  }
}

/** A runner that was killed leaves its cluster. What can't be deleted is a failure. */
async function withoutLeftovers(counts: Counts, instance: string): Promise<Counts> {
  const faults = await deleteLeftClusters(instance);
  return { ...counts, failed: counts.failed + faults.length, failures: [...(counts.failures ?? []), ...faults] };
}

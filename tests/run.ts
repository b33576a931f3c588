import { execa } from "execa";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { suites, type Suite } from "./suites";

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  /** What failed, each with its reason: said again before the last line, because a long run's log may be cut. */
  failures?: string[];
}

const root = resolve(__dirname, "..");
const binaries = join(root, "node_modules", ".bin");

/** Runs one suite with its output shown. A runner that dies without counts is one failure. */
async function runSuite(suite: Suite, extra: string[]): Promise<Counts> {
  process.stdout.write(`\n== ${suite.name}: ${suite.about}\n`);
  return suite.mocha ? runMocha(suite, suite.mocha, extra) : runChecks(suite.checks ?? []);
}

async function runChecks(checks: string[][]): Promise<Counts> {
  const failures: string[] = [];
  for (const check of checks) if (!(await passes(check))) failures.push(check.join(" "));
  return { passed: checks.length - failures.length, failed: failures.length, skipped: 0, failures };
}

async function passes([program = "", ...args]: string[]): Promise<boolean> {
  const { exitCode } = await execa(join(binaries, program), args, { cwd: root, stdio: "inherit", reject: false });
  return exitCode === 0;
}

async function runMocha(suite: Suite, globs: string[], extra: string[]): Promise<Counts> {
  const scratch = await mkdtemp(join(tmpdir(), "cluster-storage-test-"));
  const counts = join(scratch, "counts.json");
  const options = [
    "--require",
    "ts-node/register/transpile-only",
    "--reporter",
    join(__dirname, "reporter.cjs"),
    "--timeout",
    String(suite.timeout ?? 10_000),
  ];
  if (suite.hooks) options.push("--require", join(root, suite.hooks));
  const { exitCode } = await execa(
    process.execPath,
    [join(root, "node_modules/mocha/bin/mocha.js"), ...options, ...globs, ...extra],
    {
      cwd: root,
      stdio: "inherit",
      reject: false,
      env: { TEST_COUNTS: counts, FORCE_COLOR: "0" },
    },
  );
  const result = await readCounts(counts);
  await rm(scratch, { recursive: true, force: true });
  // A clean count beside a failing exit code means that the runner fell over after its last test.
  return result.failed === 0 && exitCode !== 0
    ? { ...result, failed: 1, failures: [`the runner ended with exit code ${exitCode} after its last test`] }
    : result;
}

async function readCounts(file: string): Promise<Counts> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Counts;
  } catch {
    return { passed: 0, failed: 1, skipped: 0, failures: ["the runner ended without counts"] };
  }
}

/**
 * `tests/run.ts [SUITE,… [mocha options]]`; without a suite, all of them. The last line is the sum of what the runners
 * counted.
 */
async function main(argv: string[]): Promise<number> {
  const [wanted, ...extra] = argv;
  const names = wanted?.split(",") ?? suites.map(({ name }) => name);
  const unknown = names.find((name) => !suites.some((suite) => suite.name === name));
  if (unknown !== undefined) {
    process.stderr.write(`no suite "${unknown}"; there are: ${suites.map(({ name }) => name).join(", ")}\n`);
    return 1;
  }
  const chosen = suites.filter(({ name }) => names.includes(name));
  const total = { passed: 0, failed: 0, skipped: 0 };
  const failures: string[] = [];
  for (const suite of chosen) {
    const counts = await runSuite(suite, extra);
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
    failures.push(...(counts.failures ?? []).map((failure) => `${suite.name}: ${failure}`));
  }
  if (failures.length > 0) process.stdout.write(`\nWhat failed:\n${failures.join("\n")}\n`);
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
  process.stdout.write(`\n${total.passed} passed, ${total.failed} failed${skipped}\n`);
  return total.failed === 0 ? 0 : 1;
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});

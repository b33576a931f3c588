import { readArguments } from "../terminal/args";
import { main } from "../terminal/main";
import { findTarget } from "../pulumi/target";
import { findCredentials, withKubeconfig } from "../ci/credentials";
import { type Drift, describeDrift } from "../ci/issue-text";
import { readRun } from "../ci/github-run";
import { writeReport } from "../ci/report-files";
import { ensureCli, runProgram } from "../ci/run-programs";
import { diagnostics } from "../pulumi/cli-errors";

/**
 * `npm run ci:drift [-- --stack S] [--out FILE]`: checks whether the cluster is as the last update left it. Exit code 2
 * where it isn't, 1 where that can't be said.
 */
async function run(argv: string[]): Promise<number> {
  const { options } = readArguments(argv, { stack: "NAME", out: "FILE" });
  const here = readRun();
  findCredentials(here);
  const drift = await withKubeconfig(() => look(options.stack));
  if (options.out) await writeReport(options.out, drift);
  process.stdout.write(drift.markdown);
  return { same: 0, drift: 2, failed: 1 }[drift.outcome];
}

async function look(name: string | undefined): Promise<Drift> {
  await ensureCli();
  const { stack } = await findTarget({ stack: name });
  const { ok, printed } = await runProgram(stack, ["refresh", "--preview-only", "--expect-no-changes", "--diff"]);
  const outcome = ok ? "same" : /no changes were expected/.test(printed) ? "drift" : "failed";
  return {
    stack: stack.name,
    outcome,
    markdown: describeDrift(stack.name, outcome, outcome === "failed" ? diagnostics(printed) : printed),
  };
}

void main(run);

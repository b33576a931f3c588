import { readArguments } from "../terminal/args";
import { describeFailure, main } from "../terminal/main";
import { troublesOfStack } from "../data/deployed";
import { findTarget } from "../pulumi/target";
import { findCredentials, withKubeconfig } from "../ci/credentials";
import { type Drift, describeDrift } from "../ci/issue-text";
import { readRun } from "../ci/github-run";
import { writeReport } from "../ci/report-files";
import { ensureCli, runProgram } from "../ci/run-programs";
import { redact } from "../ci/redact";
import { diagnostics } from "../pulumi/cli-errors";

/**
 * `npm run ci:drift [-- --stack S] [--out FILE]`: checks whether the cluster is as the last update left it, and has
 * the stack's data. Exit code 2 where it isn't, 1 where that can't be said.
 */
async function run(argv: string[]): Promise<number> {
  const { options } = readArguments(argv, { stack: "NAME", out: "FILE" });
  const here = readRun();
  findCredentials(here);
  const drift = await withKubeconfig(() => look(options.stack));
  if (options.out) await writeReport(options.out, drift);
  process.stdout.write(redact(drift.markdown));
  return { same: 0, drift: 2, failed: 1 }[drift.outcome];
}

async function look(name: string | undefined): Promise<Drift> {
  await ensureCli();
  const target = await findTarget({ stack: name });
  const { stack } = target;
  const [{ ok, printed }, data] = await Promise.all([
    runProgram(stack, ["refresh", "--preview-only", "--expect-no-changes", "--diff"]),
    troublesOfStack(target).catch((error: unknown) => describeFailure(error)),
  ]);
  const compared = ok ? "same" : /no changes were expected/.test(printed) ? "drift" : "failed";
  // The engine knows nothing of a claim that was made anew, or of one that is being deleted.
  const troubles = typeof data === "string" ? [] : data;
  const outcome = troubles.length > 0 ? "drift" : typeof data === "string" ? "failed" : compared;
  const said = compared === "failed" ? diagnostics(printed) : typeof data === "string" ? data : printed;
  return {
    stack: stack.name,
    outcome,
    ...(troubles.length > 0 && { data: true }),
    markdown: describeDrift(stack.name, outcome, compared === "same" && troubles.length > 0 ? "" : said, troubles),
  };
}

void main(run);

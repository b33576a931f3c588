import { readArguments } from "../terminal/args";
import { UserError } from "../../model/user-error";
import { main } from "../terminal/main";
import { describeAll, describeDrift, type Drift, driftTitle } from "../ci/issue-text";
import { readRun } from "../ci/github-run";
import { readReports, withoutReport } from "../ci/report-files";
import { connectGitHub } from "../ci/github";
import { putIssue } from "../ci/post";

/**
 * `npm run ci:issue -- FILE … [--stacks JSON]`: opens or updates the one issue on drift, and closes it where nothing
 * differs any more. A stack of `--stacks` without a report counts as one that could not be compared.
 */
async function run(argv: string[]): Promise<void> {
  const { options, operands } = readArguments(argv, { stacks: "JSON" }, "FILE");
  if (operands.length === 0 && options.stacks === undefined)
    throw new UserError("there is no report to post; name the files that npm run ci:drift -- --out FILE wrote");
  const reports = await readReports<Drift>(operands);
  const missing = withoutReport(options.stacks, reports).map((stack): Drift => ({
    stack,
    outcome: "failed",
    markdown: describeDrift(stack, "failed", "nothing, because its run ended without a report"),
  }));
  const drifts = [...reports, ...missing].sort((a, b) => (a.stack < b.stack ? -1 : 1));
  const { what, url } = await putIssue(connectGitHub(), "drift", driftTitle, describeAll(drifts, readRun()));
  process.stdout.write(
    what === "nothing" ? "there is no drift, and no issue on it is open\n" : `issue ${what} ${url}\n`,
  );
}

void main(run);

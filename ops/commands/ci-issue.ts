import { readArguments } from "../terminal/args";
import { UserError } from "../../model/user-error";
import { main } from "../terminal/main";
import { describeDrill, describeDrills, type DrillReport, drillTitle } from "../ci/drill-text";
import { describeAll, describeDrift, type Drift, driftTitle } from "../ci/issue-text";
import { readRun, type Run } from "../ci/github-run";
import { readReports, withoutReport } from "../ci/report-files";
import { connectGitHub } from "../ci/github";
import { putIssue } from "../ci/post";

/** What an issue is about: what is written of the stacks' reports, and of a stack that has left none. */
interface Subject {
  title: string;
  nothing: string;
  describe: (reports: never[], run: Run) => string | undefined;
  missing: (stack: string) => Drift | DrillReport;
}

const noReport = "nothing, because its run ended without a report";

const subjects: Record<string, Subject> = {
  drift: {
    title: driftTitle,
    nothing: "there is no drift, and no issue on it is open",
    describe: describeAll,
    missing: (stack) => ({ stack, outcome: "failed", markdown: describeDrift(stack, "failed", noReport) }),
  },
  drill: {
    title: drillTitle,
    nothing: "every backup is proven, and no issue on it is open",
    describe: describeDrills,
    missing: (stack) => ({ stack, outcome: "unproven", markdown: describeDrill(stack, "unproven", noReport) }),
  },
};

/**
 * `npm run ci:issue -- FILE … [--about drift|drill] [--stacks JSON]`: opens or updates the one issue on drift, or on
 * backups that a drill has not proven, and closes it where there is none any more. A stack of `--stacks` without a
 * report counts as one that could not be looked at.
 */
async function run(argv: string[]): Promise<void> {
  const { options, operands } = readArguments(argv, { stacks: "JSON", about: "drift|drill" }, "FILE");
  const { about = "drift" } = options;
  const subject = Object.hasOwn(subjects, about) ? subjects[about] : undefined;
  if (!subject) throw new UserError(`--about ${about} is unknown; write drift or drill`);
  if (operands.length === 0 && options.stacks === undefined)
    throw new UserError(`there is no report to post; name the files that npm run ci:${about} -- --out FILE wrote`);
  const reports = await readReports<Drift | DrillReport>(operands);
  const missing = withoutReport(options.stacks, reports).map(subject.missing);
  const all = [...reports, ...missing].sort((a, b) => (a.stack < b.stack ? -1 : 1));
  const text = subject.describe(all as never[], readRun());
  const { what, url } = await putIssue(connectGitHub(), about, subject.title, text);
  process.stdout.write(what === "nothing" ? `${subject.nothing}\n` : `issue ${what} ${url}\n`);
}

void main(run);

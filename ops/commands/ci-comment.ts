import { readArguments } from "../terminal/args";
import { UserError } from "../../model/user-error";
import { main } from "../terminal/main";
import { readRun } from "../ci/github-run";
import { readReports, withoutReport } from "../ci/report-files";
import { connectGitHub } from "../ci/github";
import { describeMissing, type Report } from "../ci/comment-text";
import { warnOfJudging } from "../ci/judging-files";
import { putComment } from "../ci/post";

/**
 * `npm run ci:comment -- FILE … [--pull-request N] [--stacks JSON]`: posts one comment for each stack's preview, or
 * replaces the one that is there. A stack of `--stacks` without a report gets a comment that its impact is not known.
 * That comment replaces the findings for an earlier commit.
 */
async function run(argv: string[]): Promise<void> {
  const { options, operands } = readArguments(argv, { "pull-request": "N", stacks: "JSON" }, "FILE");
  const here = readRun();
  const { pullRequest } = here;
  if (pullRequest?.fork) {
    process.stdout.write("nothing is posted: a pull request from a fork has no secrets, so no stack was previewed\n");
    return;
  }
  const number = Number(options["pull-request"] ?? pullRequest?.number);
  if (!Number.isInteger(number))
    throw new UserError(
      "the number of the pull request isn't known, " + "so nothing was posted; pass --pull-request N",
    );
  if (operands.length === 0 && options.stacks === undefined)
    throw new UserError("there is no report to post; name the files that npm run ci:preview -- --out FILE wrote");
  const found = await readReports<Report>(operands);
  const missing = withoutReport(options.stacks, found).map((stack) => ({
    stack,
    markdown: describeMissing(stack, here),
  }));
  const github = connectGitHub();
  const warning = await warnOfJudging(github, number);
  for (const { stack, markdown } of [...found, ...missing]) {
    const text = warning ? `${warning}\n\n${markdown}` : markdown;
    const { what, url } = await putComment(github, number, `preview of ${stack}`, text);
    process.stdout.write(`${stack}: comment ${what} ${url}\n`);
  }
}

void main(run);

import { readArguments } from "../args";
import { UserError } from "../errors";
import { main } from "../main";
import { readRun } from "./environment";
import { readReports } from "./files";
import { connectGitHub } from "./github";
import type { Report } from "./report";
import { putComment } from "./sticky";

/** `npm run ci:comment -- FILE … [--pull-request N]`: one comment for each stack's preview, replaced where it is there already. */
async function run(argv: string[]): Promise<void> {
  const { options, operands } = readArguments(argv, { "pull-request": "N" }, "FILE");
  const { pullRequest } = readRun();
  if (pullRequest?.fork) {
    process.stdout.write("nothing is posted: a pull request from a fork has no secrets, so no stack was previewed\n");
    return;
  }
  const number = Number(options["pull-request"] ?? pullRequest?.number);
  if (!Number.isInteger(number)) throw new UserError("which pull request? --pull-request N; nothing was posted");
  if (operands.length === 0) throw new UserError("no report to post: name the files that npm run ci:preview -- --out FILE wrote");
  const reports = await readReports<Report>(operands);
  const github = connectGitHub();
  for (const { stack, markdown } of reports) {
    const { what, url } = await putComment(github, number, `preview of ${stack}`, markdown);
    process.stdout.write(`${stack}: comment ${what} ${url}\n`);
  }
}

void main(run);

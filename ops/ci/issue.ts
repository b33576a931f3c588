import { readArguments } from "../args";
import { UserError } from "../errors";
import { main } from "../main";
import { describeAll, type Drift, driftTitle } from "./drift-report";
import { readRun } from "./environment";
import { readReports } from "./files";
import { connectGitHub } from "./github";
import { putIssue } from "./sticky";

/** `npm run ci:issue -- FILE …`: the one issue on drift: opened, updated, or closed where nothing differs any more. */
async function run(argv: string[]): Promise<void> {
  const { operands } = readArguments(argv, {}, "FILE");
  if (operands.length === 0) throw new UserError("no report to post: name the files that npm run ci:drift -- --out FILE wrote");
  const drifts = await readReports<Drift>(operands);
  const { what, url } = await putIssue(connectGitHub(), "drift", driftTitle, describeAll(drifts, readRun()));
  process.stdout.write(what === "nothing" ? "no drift, and no issue that says so\n" : `issue ${what} ${url}\n`);
}

void main(run);

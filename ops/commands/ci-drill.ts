import { readArguments } from "../terminal/args";
import { main } from "../terminal/main";
import { readOutputs } from "../pulumi/stack";
import { findTarget } from "../pulumi/target";
import { findCredentials, withKubeconfig } from "../ci/credentials";
import { describeDrill, type DrillReport } from "../ci/drill-text";
import { readRun } from "../ci/github-run";
import { redact } from "../ci/redact";
import { writeReport } from "../ci/report-files";
import { ensureCli, learnSecretsOf, runCommand } from "../ci/run-programs";

/**
 * `npm run ci:drill [-- --stack S] [--out FILE]`: drills the backups of all services as `npm run drill` does, and
 * reports what that came to. Exit code 2 where a backup is not proven. A stack without backups passes.
 */
async function run(argv: string[]): Promise<number> {
  const { options } = readArguments(argv, { stack: "NAME", out: "FILE" });
  findCredentials(readRun());
  const report = await withKubeconfig(() => drill(options.stack));
  if (options.out) await writeReport(options.out, report);
  process.stdout.write(redact(report.markdown));
  return report.outcome === "unproven" ? 2 : 0;
}

async function drill(name: string | undefined): Promise<DrillReport> {
  await ensureCli();
  const { stack } = await findTarget({ stack: name });
  const reportOf = (outcome: DrillReport["outcome"], printed: string) => ({
    stack: stack.name,
    outcome,
    markdown: describeDrill(stack.name, outcome, printed),
  });
  const { services } = await readOutputs(stack);
  if (Object.values(services).every(({ backup }) => backup === undefined)) return reportOf("none", "");
  await learnSecretsOf(stack);
  const { exitCode, stdout } = await runCommand(["drill", ...(name === undefined ? [] : ["--stack", name])]);
  return reportOf(
    exitCode === 0 ? "proven" : "unproven",
    stdout || `nothing: it ended with exit code ${exitCode}, and the run's log says why`,
  );
}

void main(run);

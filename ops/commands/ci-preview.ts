import { readArguments } from "../terminal/args";
import { withConfig } from "../pulumi/config-file";
import { main } from "../terminal/main";
import { devStack } from "../pulumi/project";
import { findTarget } from "../pulumi/target";
import { findCredentials, withKubeconfig } from "../ci/credentials";
import { readRun, type Run } from "../ci/github-run";
import { writeReport } from "../ci/report-files";
import { readViolations, withPolicies } from "../ci/policies";
import { ensureCli, runCommand, runProgram } from "../ci/run-programs";
import { describePreview, type Report } from "../ci/comment-text";
import { redact } from "../ci/redact";
import { accepts, labelFor } from "../ci/acceptance";
import { exitCodeOf, judgeOutcome } from "../ci/outcome";

/**
 * `npm run ci:preview [-- --stack S] [--out FILE]`: shows what a change does to the stack's data, with the policies
 * on. Without a stack, it previews dev on the local cluster. Exit code 2 where data would be lost and no label
 * accepts it, 1 where the preview fails or a policy refuses. A fork's pull request has no secrets, so it is not
 * previewed and passes.
 */
async function run(argv: string[]): Promise<number> {
  const { options } = readArguments(argv, { stack: "NAME", out: "FILE" });
  const here = readRun();
  if (findCredentials(here) === "none") {
    process.stdout.write(
      `stack "${options.stack ?? devStack}" is not previewed: a pull request from a fork has no secrets; npm ` +
        `run test:offline checks it without a cluster\n`,
    );
    return 0;
  }
  const report = await withKubeconfig(() => preview(options.stack, here));
  if (options.out) await writeReport(options.out, report);
  process.stdout.write(redact(report.markdown));
  const code = exitCodeOf(report.outcome, accepts(here.pullRequest, report.stack));
  if (code === 2)
    process.stderr.write(
      `stack "${report.stack}": ${
        report.outcome === "stopped"
          ? "the program refuses this update"
          : `data would be lost, and no label ${labelFor(report.stack, here.commit)} accepts it`
      }; nothing was changed\n`,
    );
  return code;
}

async function preview(name: string | undefined, here: Run): Promise<Report> {
  await ensureCli();
  const { stack } = await findTarget({ stack: name });
  // Both run at the same time, because a preview doesn't lock the stack.
  const [impact, { ok, printed, levels }] = await Promise.all([
    runCommand(["impact", "--markdown", ...(name ? ["--stack", name] : [])]),
    withConfig(stack, undefined, (configFile) =>
      withPolicies(stack.name, here.pullRequest, async ({ args, levels }) => ({
        ...(await runProgram({ ...stack, configFile }, ["preview", "--diff", ...args])),
        levels,
      })),
    ),
  ]);
  const violations = readViolations(printed);
  const outcome = judgeOutcome({ impact: impact.exitCode, ok, violations });
  return {
    stack: stack.name,
    outcome,
    markdown: describePreview(
      { stack: stack.name, outcome, impact: impact.stdout, violations, levels, diff: printed },
      here,
    ),
  };
}

void main(run);

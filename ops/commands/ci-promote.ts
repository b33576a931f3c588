import { appendFile } from "node:fs/promises";
import { readArguments } from "../terminal/args";
import { UserError } from "../../model/user-error";
import { findTarget } from "../pulumi/target";
import { main } from "../terminal/main";
import { readAcceptance } from "../ci/acceptance";
import { findCredentials, withKubeconfig } from "../ci/credentials";
import { readRun } from "../ci/github-run";
import { ensureCli, learnSecretsOf, runCommand } from "../ci/run-programs";
import { folded } from "../ci/fold";
import { redact } from "../ci/redact";

/**
 * `npm run ci:promote -- --from dev --to prod [--accept-data-loss STACK@COMMIT]`: the summary for the person who
 * approves the update of prod. Nothing is changed. Exit code 1 where dev hasn't earned the promotion, 2 where prod's
 * data would be lost and nobody accepted that.
 */
async function run(argv: string[]): Promise<number> {
  const { options } = readArguments(argv, { from: "STACK", to: "STACK", "accept-data-loss": "STACK@COMMIT" });
  const { from, to } = options;
  if (from === undefined || to === undefined)
    throw new UserError("--from STACK and --to STACK must both be given: npm run ci:promote -- --from dev --to prod");
  const here = readRun();
  findCredentials(here);
  const accepted = await readAcceptance(options["accept-data-loss"], to, here);
  return withKubeconfig(async () => {
    await ensureCli();
    await learnSecretsOf((await findTarget({ stack: to })).stack);
    const check = await runCommand(["promote", "--from", from, "--to", to, "--check"]);
    const impact = await runCommand(["impact", "--stack", to, "--markdown"]);
    const summary = redact(`${impact.stdout.trim()}\n\n${folded(`${from} beside ${to}`, check.stdout.trim())}`);
    process.stdout.write(`${summary}\n`);
    if (here.summary) await appendFile(here.summary, `${summary}\n`);
    if (check.exitCode !== 0) return 1;
    return impact.exitCode === 2 && accepted ? 0 : impact.exitCode;
  });
}

void main(run);

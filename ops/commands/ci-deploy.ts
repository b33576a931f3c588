import { appendFile } from "node:fs/promises";
import { readArguments } from "../terminal/args";
import { diagnostics } from "../pulumi/cli-errors";
import { UserError } from "../../model/user-error";
import { withConfig } from "../pulumi/config-file";
import { main } from "../terminal/main";
import { devStack } from "../pulumi/project";
import { findTarget } from "../pulumi/target";
import { acceptanceOf, readAcceptance } from "../ci/acceptance";
import { findCredentials, withKubeconfig } from "../ci/credentials";
import { readRun, type Run } from "../ci/github-run";
import { withPolicies } from "../ci/policies";
import { ensureCli, learnSecretsOf, runCommand, runProgram } from "../ci/run-programs";
import { folded, shorten, tidy } from "../ci/fold";
import { redact } from "../ci/redact";

/**
 * `npm run ci:deploy [-- --stack S] [--accept-data-loss STACK@COMMIT]`: impact, `pulumi up` with the policies on,
 * verify, and a summary. Exit code 2, with nothing changed, where data would be lost and nobody accepted that; 1 where
 * a step fails.
 */
async function run(argv: string[]): Promise<number> {
  const { options } = readArguments(argv, { stack: "NAME", "accept-data-loss": "STACK@COMMIT" });
  const here = readRun();
  findCredentials(here);
  const say = async (text: string) => {
    const markdown = redact(text);
    process.stdout.write(`${markdown}\n`);
    // A blank line ends a folded section. Without it GitHub would read the next part as HTML.
    if (here.summary) await appendFile(here.summary, `${markdown}\n\n`);
  };
  const name = options.stack ?? devStack;
  const accepted = await readAcceptance(options["accept-data-loss"], name, here);
  return withKubeconfig(() => deploy(options.stack, { accepted, here, say }));
}

async function deploy(
  name: string | undefined,
  { accepted, here, say }: { accepted: boolean; here: Run; say: (markdown: string) => Promise<void> },
): Promise<number> {
  await ensureCli();
  const { stack } = await findTarget({ stack: name });
  const target = name ? ["--stack", name] : [];
  await learnSecretsOf(stack);
  const impact = await runCommand(["impact", "--markdown", ...target]);
  await say(`### ${stack.name}\n\n${impact.stdout.trim()}`);
  if (impact.exitCode === 2 && !accepted) {
    process.stderr.write(
      `stack "${stack.name}": data would be lost, so nothing was changed (to deploy all the same: ` +
        `--accept-data-loss ${await acceptanceOf(stack.name, here)})\n`,
    );
    return 2;
  }
  if (impact.exitCode !== 0 && impact.exitCode !== 2) return 1;

  const { ok, printed } = await withConfig(stack, undefined, (configFile) =>
    withPolicies(stack.name, undefined, ({ args }) =>
      runProgram({ ...stack, configFile }, ["up", "--yes", "--diff", "--suppress-outputs", ...args]),
    ),
  );
  await say(
    folded(
      ok ? "The update" : "The update failed",
      shorten(tidy(ofUpdate(printed)), `pulumi up --stack ${stack.name}`),
    ),
  );
  if (!ok) throw new UserError(`stack "${stack.name}": the update failed: ${diagnostics(printed)}`);

  const verified = await runCommand(["verify", ...target]);
  const proven = verified.exitCode === 0;
  const line = proven ? "Every service's data outlived its pod" : "**Not every service's data outlived its pod**";
  await say(`${line}\n\n${folded("Verify", verified.stdout.trim())}`);
  const { stdout: status } = await runCommand(["status", ...target]);
  await say(folded("Status", status.trim()));
  return verified.exitCode === 0 ? 0 : 1;
}

/** Drops the preview before the update, because it says the same. Keeps everything where no update began. */
const ofUpdate = (printed: string) => printed.slice(Math.max(0, printed.search(/^Updating \(/m)));

void main(run);

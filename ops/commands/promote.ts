import * as path from "node:path";
import { readArguments } from "../terminal/args";
import { agreed } from "../terminal/ask";
import { UserError } from "../../model/user-error";
import { readImpact } from "../impact/run";
import { impactText } from "../impact/print";
import { main } from "../terminal/main";
import { stackFile } from "../pulumi/project";
import { carry, configOf } from "../promote/carry";
import { compareConfigs } from "../promote/compare";
import type { Difference } from "../promote/difference";
import { assertUnlocked, readReadiness } from "../promote/read-readiness";
import { commitOnBranch } from "../promote/git";
import { describeDifferences } from "../promote/print";
import { short, whyNot } from "../promote/readiness";
import { readRules } from "../promote/rules";
import { promotedFrom, readStackFile, type StackFile } from "../promote/stacks";
import { planOf } from "../pulumi/stack-plan";
import { findTarget } from "../pulumi/target";

const say = (text: string) => process.stdout.write(`${text}\n`);

/**
 * `npm run promote -- --from dev --to prod [--check] [--yes] [--move-back]`: copies what dev has tried to prod's file,
 * on a branch of its own. Exit code 1 where dev hasn't earned it, 2 where prod's data would be at risk. In both cases
 * nothing is written.
 */
async function run(argv: string[]): Promise<number> {
  const { options } = readArguments(argv, { from: "STACK", to: "STACK", check: true, yes: true, "move-back": true });
  if (options.from === undefined || options.to === undefined)
    throw new UserError("--from STACK and --to STACK must both be given: npm run promote -- --from dev --to prod");
  const [from, to] = await Promise.all([readStackFile(options.from), readStackFile(options.to)]);
  if (from.name === to.name)
    throw new UserError(`--from and --to are both ${from.name}: there is nothing to carry over`);
  const differences = await differencesOf(from, to, options["move-back"] ?? false);
  say(describeDifferences(from.name, to.name, differences));
  const { stack } = await promotedFrom(from.name);
  const readiness = await readReadiness(stack, to.name);
  const reasons = whyNot(readiness);
  if (reasons.length > 0)
    throw new UserError(
      `\n${from.name} can't be promoted, so nothing was changed:\n${reasons.map((reason) => `  ${reason}`).join("\n")}`,
    );
  const carried = differences.filter(({ kind }) => kind === "carried");
  say(
    `\n${from.name} is deployed and verified at ${short(readiness.head)}; ${count(carried.length)} to be ` +
      `carried over to ${to.name}`,
  );
  return options.check ? 0 : promote(from, to, carried, { head: readiness.head, yes: options.yes });
}

/** Throws where the program would refuse one of the two files. */
async function differencesOf(from: StackFile, to: StackFile, moveBack: boolean): Promise<Difference[]> {
  for (const { yaml, project, name } of [from, to]) planOf(yaml, { project, stack: name });
  const rules = await readRules();
  return compareConfigs(configOf(from.yaml, from.project), configOf(to.yaml, to.project), {
    rules,
    to: to.name,
    moveBack,
  });
}

async function promote(
  from: StackFile,
  to: StackFile,
  carried: readonly Difference[],
  { head, yes }: { head: string; yes?: boolean },
): Promise<number> {
  const text = carry(to.yaml, to.project, carried);
  planOf(text, { project: to.project, stack: to.name });
  const target = await findTarget({ stack: to.name });
  await assertUnlocked(target.stack);
  const impact = await readImpact(target, text);
  say(`\n${impactText(impact)}\n`);
  if (impact.result !== "safe") {
    process.stderr.write(
      `${to.name}'s ${impact.result === "refused" ? "cluster can't carry this" : "data would be at risk"}: ` +
        `nothing was written\n`,
    );
    return 2;
  }
  if (text === to.yaml) return 0;
  const branch = `promote/${from.name}-to-${to.name}-${short(head)}`;
  await agreed(`Write this to ${path.basename(stackFile(to.name))} on a branch ${branch}?`, {
    yes,
    untouched: "nothing was written",
  });
  await commitOnBranch({
    branch,
    file: path.basename(stackFile(to.name)),
    text,
    message: messageOf(from, to, carried, head),
  });
  say(`on branch ${branch}: git push -u origin ${branch} opens it for review`);
  return 0;
}

function messageOf(from: StackFile, to: StackFile, carried: readonly Difference[], head: string): string {
  const lines = carried.map(({ path, reason }) => `- ${path.join(".")}${reason === undefined ? "" : ` (${reason})`}`);
  return `Promote ${from.name} at ${short(head)} to ${to.name}\n\n${lines.join("\n")}\n`;
}

const count = (lines: number) => (lines === 1 ? "1 difference is" : `${lines === 0 ? "no" : lines} differences are`);

void main(run);

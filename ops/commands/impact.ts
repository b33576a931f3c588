import { readArguments } from "../terminal/args";
import { UserError } from "../../model/user-error";
import { impactMarkdown } from "../impact/markdown";
import { readImpact } from "../impact/run";
import { impactText } from "../impact/print";
import type { Impact } from "../impact/types";
import { describeFailure, main } from "../terminal/main";
import { findTarget, type Target } from "../pulumi/target";

/** A stack's report, or why there is none. */
type Outcome = { impact: Impact } | { stack: string; error: string };

/**
 * `npm run impact [-- --stack S …] [--context NAME] [--markdown | --json]`: shows what the checkout would do to each
 * stack's data. Exit code 2 where some data would be lost or left unprotected, or where the cluster refuses the change;
 * 1 where a preview failed; else 0.
 */
async function run(argv: string[]): Promise<number> {
  const { options } = readArguments(argv, { stack: ["NAME"], context: "NAME", markdown: true, json: true });
  if (options.markdown && options.json) throw new UserError("--markdown and --json can't be used together");
  const stacks = options.stack === undefined ? [undefined] : [...new Set(options.stack)];
  // The previews run side by side, because each mostly waits for its own cluster.
  const outcomes = await Promise.all(
    stacks.map((stack) => outcomeOf(stack, findTarget({ stack, context: options.context }))),
  );
  print(outcomes, options.json ? "json" : options.markdown ? "markdown" : "text");
  if (outcomes.some((outcome) => "impact" in outcome && outcome.impact.result !== "safe")) return 2;
  return outcomes.some((outcome) => "error" in outcome) ? 1 : 0;
}

async function outcomeOf(name: string | undefined, target: Promise<Target>): Promise<Outcome> {
  try {
    return { impact: await readImpact(await target) };
  } catch (error) {
    return { stack: name ?? "dev", error: describeFailure(error) };
  }
}

function print(outcomes: readonly Outcome[], form: "text" | "markdown" | "json"): void {
  const reports = outcomes.flatMap((outcome) => ("impact" in outcome ? [outcome.impact] : []));
  for (const outcome of outcomes) if ("error" in outcome) process.stderr.write(`${outcome.error}\n`);
  if (form === "json") {
    const failed = outcomes.flatMap((outcome) =>
      "error" in outcome ? [{ stack: outcome.stack, result: "failed", error: outcome.error }] : [],
    );
    process.stdout.write(`${JSON.stringify([...reports, ...failed], undefined, 2)}\n`);
  } else if (reports.length > 0) {
    process.stdout.write(`${reports.map(form === "text" ? impactText : impactMarkdown).join("\n\n")}\n`);
  }
}

void main(run);

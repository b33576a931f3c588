import { escape } from "../impact/markdown";
import type { PullRequest, Run } from "./github-run";
import type { Violation } from "./policies";

/** Put on a pull request by whoever has read what is lost, and means it. */
export const acceptLabel = "accept-data-loss";

/** `stopped`: the program itself refuses, so nothing is lost and no label helps. `refused`: a policy does. */
export type Outcome = "safe" | "at-risk" | "stopped" | "refused" | "failed";

/** What a preview of one stack came to; written to a file for those who post it. */
export interface Report {
  stack: string;
  outcome: Outcome;
  /** For a comment: under GitHub's limit, and without secrets. */
  markdown: string;
}

export interface Findings {
  stack: string;
  outcome: Outcome;
  /** What `npm run impact` says in Markdown; empty where it couldn't say anything. */
  impact: string;
  violations: Violation[];
  /** All that the preview printed. */
  diff: string;
}

/** `impact`: exit code of `npm run impact`. `ok`: whether the preview with the policies on came to its end. */
export function judgeOutcome({
  impact,
  ok,
  violations,
}: {
  impact: number;
  ok: boolean;
  violations: Violation[];
}): Outcome {
  if (violations.some(({ level }) => level === "mandatory")) return "refused";
  if (impact === 2) return ok ? "at-risk" : "stopped";
  return impact === 0 && ok ? "safe" : "failed";
}

const accepts = (pull: PullRequest | undefined) => pull?.labels.includes(acceptLabel) ?? false;

/** 0 where the change may go on, 2 where it would lose data and nobody accepted that, 1 for everything else. */
export function exitCode(outcome: Outcome, pull: PullRequest | undefined): number {
  if (outcome === "at-risk") return accepts(pull) ? 0 : 2;
  return { safe: 0, stopped: 2, refused: 1, failed: 1 }[outcome];
}

function verdict(outcome: Outcome, pull: PullRequest | undefined): string {
  switch (outcome) {
    case "safe":
      return "";
    case "at-risk":
      return accepts(pull)
        ? `Accepted by the label \`${acceptLabel}\`.`
        : `To go on all the same, add the label \`${acceptLabel}\`.`;
    case "stopped":
      return "The program refuses this update, whatever the labels say.";
    case "refused":
      return "A policy refuses this update.";
    case "failed":
      return "The preview failed.";
  }
}

/** GitHub takes 65536 characters; however long the rest is, so much of the diff is shown. */
const longestComment = 55_000;
const shortestDiff = 2_000;

/** The comment: what becomes of the data first, the whole preview folded. */
export function describePreview({ stack, outcome, impact, violations, diff }: Findings, here: Run): string {
  const command = `npm run ci:preview -- --stack ${stack}`;
  // Its own marker is for those who post it alone.
  const about = shorten(impact.replace(/^<!--.*-->\n/, "").trim() || notKnown(stack), command, longestComment / 2);
  const policies = shorten(policyTable(violations, outcome), command, longestComment / 2 - shortestDiff);
  const room = Math.max(shortestDiff, longestComment - about.length - policies.length);
  const parts = [
    about,
    verdict(outcome, here.pullRequest),
    policies,
    folded("The whole preview", shorten(tidy(diff), command, room)),
    footer(here),
  ];
  return `${parts.filter(Boolean).join("\n\n")}\n`;
}

/** The comment on a stack whose preview left no report. */
export function describeMissing(stack: string, here: Run): string {
  return `${[notKnown(stack), "The preview ended without a report: its job's log " + "says why.", footer(here)]
    .filter(Boolean)
    .join("\n\n")}\n`;
}

const notKnown = (stack: string) => `### Data impact on \`${stack}\`\n\n❌ not known`;

const footer = ({ commit, url }: Run) =>
  [commit && `commit ${commit.slice(0, 7)}`, url && `[log](${url})`].filter(Boolean).join(", ");

function policyTable(violations: Violation[], outcome: Outcome): string {
  // What ends early has not shown them everything.
  if (violations.length === 0)
    return outcome === "stopped" || outcome === "failed"
      ? "Policies: not asked about all of it."
      : "Policies: all kept.";
  const rows = violations.map(
    ({ policy, level, resource, message }) => `| ${[policy, level, resource, message].map(escape).join(" | ")} |`,
  );
  return ["| policy | level | resource | what is wrong |", "|---|---|---|---|", ...rows].join("\n");
}

/** Behind a fence that the text can't close. */
export function folded(summary: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `<details><summary>${summary}</summary>\n\n${fence}text\n${text}\n${fence}\n\n</details>`;
}

/** Without what the CLI says of itself, and what it waited for. */
export function tidy(printed: string): string {
  const noise = /^(@ |warning: using pulumi-resource-|Previewing |Refreshing |(\[\d+\/\d+\] )?Waiting for )/;
  const text = printed
    .split("\n")
    .filter((line) => !noise.test(line))
    .join("\n");
  return text.replaceAll(/\n(?:[ \t]*\n)+/g, "\n\n").trim();
}

/** As many whole lines as fit. */
export function shorten(text: string, command: string, most = longestComment): string {
  if (text.length <= most) return text;
  const kept = text.slice(0, text.lastIndexOf("\n", most));
  const left = text.slice(kept.length + 1).split("\n").length;
  return `${kept}\n… and ${left} more lines: ${command}`;
}

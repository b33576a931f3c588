import { escape } from "../impact/markdown";
import { folded, longestComment, shorten, tidy } from "./fold";
import { accepts, labelFor, labelsThatDoNotCount } from "./acceptance";
import type { Run } from "./github-run";
import type { Outcome } from "./outcome";
import type { PolicyLevels } from "./policy-levels";
import type { Violation } from "./policies";

/** The result of one stack's preview. It is written to a file for the job that posts it. */
export interface Report {
  stack: string;
  outcome: Outcome;
  /** The comment: under GitHub's limit, and without secrets. */
  markdown: string;
}

export interface Findings {
  stack: string;
  outcome: Outcome;
  /** What `npm run impact` prints in Markdown; empty where it had no answer. */
  impact: string;
  violations: Violation[];
  /** Which policies were not mandatory, and what the pull request would change about them. */
  levels: PolicyLevels;
  /** All that the preview printed. */
  diff: string;
}

/** At least this many characters of the diff are shown, however long the rest of the comment is. */
const shortestDiff = 2_000;

/** The comment on a pull request: first what happens to the data, at the end the whole preview, folded. */
export function describePreview({ stack, outcome, impact, violations, levels, diff }: Findings, here: Run): string {
  const command = `npm run ci:preview -- --stack ${stack}`;
  // The impact report's own marker is for people who post that report alone.
  const about = shorten(impact.replace(/^<!--.*-->\n/, "").trim() || notKnown(stack), command, longestComment / 2);
  const policies = shorten(policyText(violations, levels, outcome), command, longestComment / 2 - shortestDiff);
  const room = Math.max(shortestDiff, longestComment - about.length - policies.length);
  const parts = [
    about,
    verdict(stack, outcome, here),
    policies,
    folded("The whole preview", shorten(tidy(diff), command, room)),
    footer(here),
  ];
  return `${parts.filter(Boolean).join("\n\n")}\n`;
}

/** The comment on a stack whose preview left no report. */
export function describeMissing(stack: string, here: Run): string {
  const why = "The preview ended without a report. The log of its job says why.";
  return `${[notKnown(stack), why, footer(here)].filter(Boolean).join("\n\n")}\n`;
}

function verdict(stack: string, outcome: Outcome, here: Run): string {
  switch (outcome) {
    case "safe":
      return "";
    case "at-risk":
      return acceptance(stack, here);
    case "stopped":
      return "The program refuses this update, whatever the labels say.";
    case "refused":
      return "A policy refuses this update.";
    case "failed":
      return "The preview failed.";
  }
}

function acceptance(stack: string, { pullRequest: pull, commit }: Run): string {
  const label = labelFor(stack, commit);
  if (accepts(pull, stack)) return `The label \`${label}\` accepts this, for this stack and this commit.`;
  const old = labelsThatDoNotCount(pull, stack);
  const add = `gh label create '${label}'; gh pr edit ${pull?.number ?? "N"} --add-label '${label}'`;
  return [
    ...(old.length > 0 ? [`Not accepted by ${old.map((name) => `\`${name}\``).join(", ")}: not for this commit.`] : []),
    `To accept this, for this stack and this commit, add the label \`${label}\`:`,
    `\`\`\`bash\n${add}\n\`\`\``,
  ].join("\n\n");
}

const notKnown = (stack: string) => `### Data impact on \`${stack}\`\n\n❌ not known`;

const footer = ({ commit, url }: Run) =>
  [commit && `commit ${commit.slice(0, 7)}`, url && `[log](${url})`].filter(Boolean).join(", ");

function policyText(violations: Violation[], { optional, changed }: PolicyLevels, outcome: Outcome): string {
  const names = optional.map(({ name, level }) => `\`${name}\` (${level})`);
  const others = names.length > 0 ? ` Not mandatory: ${names.join(", ")}.` : "";
  const ignored =
    changed.length > 0
      ? [
          `This pull request changes the settings of ${changed.map((name) => `\`${name}\``).join(", ")}. They count ` +
            "once they are merged: it was judged by those of the branch that it goes to.",
        ]
      : [];
  const table = policyTable(violations, outcome);
  const all = violations.length > 0 ? [table, ...(others ? [others.trim()] : [])] : [`${table}${others}`];
  return [...all, ...ignored].join("\n\n");
}

function policyTable(violations: Violation[], outcome: Outcome): string {
  // The policies have not seen everything where a preview ended early.
  if (violations.length === 0)
    return outcome === "stopped" || outcome === "failed"
      ? "Policies: the preview ended before all of it was checked."
      : "Policies: all mandatory ones kept.";
  const rows = violations.map(
    ({ policy, level, resource, message }) => `| ${[policy, level, resource, message].map(escape).join(" | ")} |`,
  );
  return ["| policy | level | resource | what is wrong |", "|---|---|---|---|", ...rows].join("\n");
}

import type { CheckResult } from "../model/backend";
import { count } from "../model/quantity";
import type { GroupedResult } from "./run";

const marks: Record<CheckResult["level"], string> = { ok: "✓", warning: "!", error: "✗", skipped: "-" };

/** A result: its mark and title, the check's name unless it passed, and below that what to do. */
export function describeResult({ id, level, title, wayOut }: CheckResult): string {
  const steps = (wayOut ?? "")
    .split("\n")
    .filter(Boolean)
    .map((step) => `\n      ${step}`);
  return `  ${marks[level]} ${title}${level === "ok" ? "" : ` [${id}]`}${steps.join("")}`;
}

/** All results under the titles of their groups, and how many there are of each level. */
export function describeResults(results: readonly GroupedResult[]): string {
  const groups = [...new Set(results.map(({ group }) => group))];
  const blocks = groups.map((group) =>
    [group, ...results.filter((result) => result.group === group).map(describeResult)].join("\n"),
  );
  return [...blocks, summary(results)].join("\n\n");
}

function summary(results: readonly GroupedResult[]): string {
  const of = (level: CheckResult["level"]) => results.filter((result) => result.level === level).length;
  const rest = [
    of("warning") && count(of("warning"), "warning"),
    of("skipped") && `${of("skipped")} not checked`,
  ].filter(Boolean);
  return [`${of("ok")} passed, ${of("error")} failed`, ...rest].join(", ");
}

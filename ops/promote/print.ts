import { renderTable } from "../terminal/table";
import type { Difference } from "./difference";

/** The two stacks' differences side by side: those carried, those on purpose, and those that a person has to decide. */
export function describeDifferences(from: string, to: string, differences: readonly Difference[]): string {
  const sections: [Difference["kind"], string][] = [
    ["carried", `carried over from ${from} to ${to}:`],
    ["left", "not carried over, because a person has to decide:"],
    ["intent", "different on purpose (promotion.yaml):"],
  ];
  const printed = sections.flatMap(([kind, title]) => {
    const chosen = differences.filter((difference) => difference.kind === kind);
    const rows = chosen.map(({ path, from, to, reason = "" }) => [path.join("."), show(from), show(to), reason]);
    return chosen.length === 0
      ? []
      : [`${title}\n${indent(renderTable(["", from.toUpperCase(), to.toUpperCase(), ""], rows))}`];
  });
  return printed.length === 0 ? `${from} and ${to} have the same config` : printed.join("\n\n");
}

const indent = (text: string) =>
  text
    .split("\n")
    .map((line) => `  ${line}`.trimEnd())
    .join("\n");

const widest = 40;

function show(value: unknown): string {
  if (value === undefined) return "–";
  const text =
    typeof value === "string"
      ? value
      : JSON.stringify(value)
          .replaceAll('"', "")
          .replaceAll(/([:,])(?=\S)/g, "$1 ");
  return text.length > widest ? `${text.slice(0, widest - 1)}…` : text;
}

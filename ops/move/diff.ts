import { diffArrays } from "diff";

/** The lines that differ between two texts, as a person reads a change: `- ` what was, `+ ` what is. */
export function changedLines(before: string, after: string): string[] {
  return diffArrays(before.split("\n"), after.split("\n")).flatMap(({ added, removed, value }) =>
    added || removed ? value.map((line) => `${added ? "+" : "-"} ${line}`) : [],
  );
}

/**
 * The part of `pulumi preview` that a person wants to see: changes, warnings and counts. Progress lines and the sources
 * of plugins are left out.
 */
export function previewLines(printed: string): string {
  const lines = printed
    .split("\n")
    .filter(
      (line) =>
        !/^@ |warning: using pulumi-resource-|^\s+pulumi:pulumi:Stack \S+\s+(running\s*)?(\d+ warnings?)?\s*$/.test(
          line,
        ),
    );
  const kept = lines.filter((line, i) => line.trim() !== "" && !isEmptyHead(lines, i));
  return kept.join("\n").trimEnd();
}

/** Whether the line is a heading that only the next heading follows. */
function isEmptyHead(lines: readonly string[], at: number): boolean {
  if (!/^(Diagnostics:|\s{2}\S+ \(.*\):)$/.test(lines[at] ?? "")) return false;
  const next = lines.slice(at + 1).find((line) => line.trim() !== "" && !/^\s{2}\S+ \(.*\):$/.test(line));
  return next === undefined || /^\S/.test(next);
}

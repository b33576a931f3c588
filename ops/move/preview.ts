/**
 * What a person wants to see of `pulumi preview`: what changes, warnings, the counts. Not its signs of life, nor where
 * plugins come from.
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

/** A heading with nothing below it but the next one. */
function isEmptyHead(lines: readonly string[], at: number): boolean {
  if (!/^(Diagnostics:|\s{2}\S+ \(.*\):)$/.test(lines[at] ?? "")) return false;
  const next = lines.slice(at + 1).find((line) => line.trim() !== "" && !/^\s{2}\S+ \(.*\):$/.test(line));
  return next === undefined || /^\S/.test(next);
}

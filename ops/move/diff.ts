/** The lines that differ between two texts, as a person reads a change: `- ` what was, `+ ` what is. */
export function changedLines(before: string, after: string): string[] {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const common = commonLengths(old, now);
  const lines: string[] = [];
  let [i, k] = [0, 0];
  while (i < old.length || k < now.length) {
    if (i < old.length && k < now.length && old[i] === now[k]) [i, k] = [i + 1, k + 1];
    else if (i < old.length && common[i + 1]![k]! >= common[i]![k]!) lines.push(`- ${old[i++]}`);
    else lines.push(`+ ${now[k++]}`);
  }
  return lines;
}

/** By two positions, how many lines the rests of both texts have in common, in order. */
function commonLengths(old: readonly string[], now: readonly string[]): number[][] {
  const table = Array.from({ length: old.length + 1 }, () => new Array<number>(now.length + 1).fill(0));
  for (let i = old.length - 1; i >= 0; i--) {
    for (let k = now.length - 1; k >= 0; k--)
      table[i]![k] = old[i] === now[k] ? table[i + 1]![k + 1]! + 1 : Math.max(table[i + 1]![k]!, table[i]![k + 1]!);
  }
  return table;
}

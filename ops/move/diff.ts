/** The lines that differ between two texts, as a person reads a change: `-` what was, `+` what is. Only for one run of changes a place. */
export function changedLines(before: string, after: string): string[] {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const lines: string[] = [];
  let [i, k] = [0, 0];
  while (i < old.length || k < now.length) {
    if (old[i] === now[k]) {
      i++;
      k++;
      continue;
    }
    // The nearest line that both have again; a blank one says nothing.
    const [skipOld, skipNow] = nextCommon(old.slice(i), now.slice(k));
    lines.push(...old.slice(i, i + skipOld).map((line) => `- ${line}`), ...now.slice(k, k + skipNow).map((line) => `+ ${line}`));
    i += skipOld;
    k += skipNow;
  }
  return lines;
}

function nextCommon(old: readonly string[], now: readonly string[]): [number, number] {
  for (let sum = 1; sum <= old.length + now.length; sum++) {
    for (let skip = Math.min(sum, old.length); skip >= 0 && sum - skip <= now.length; skip--) {
      const [a, b] = [old[skip], now[sum - skip]];
      if (a !== undefined && a === b && a.trim() !== "") return [skip, sum - skip];
    }
  }
  return [old.length, now.length];
}

import { distance } from "fastest-levenshtein";

/**
 * At most `limit` names that `word` may mean, the most similar first: names that differ from it in at most a third of
 * its letters, ignoring case; names that begin with it; and names that contain it.
 */
export function nearest(word: string, names: readonly string[], limit = 1): string[] {
  const wanted = word.toLowerCase();
  const allowed = wanted === "" ? 0 : Math.max(1, Math.floor(wanted.length / 3));
  // Too many names begin with or contain a word of one or two letters.
  const isLong = wanted.length > 3;
  return names
    .map((name) => ({ name, lower: name.toLowerCase(), far: distance(wanted, name.toLowerCase()) }))
    .filter(
      ({ lower, far }) =>
        far <= allowed ||
        (isLong && (lower.includes(wanted) || distance(wanted, lower.slice(0, wanted.length)) <= allowed)),
    )
    .sort((a, b) => a.far - b.far || a.name.localeCompare(b.name))
    .slice(0, limit)
    .map(({ name }) => name);
}

/** ` (did you mean "x"?)`, or nothing. */
export function didYouMean(word: string, names: readonly string[]): string {
  const [best] = nearest(word, names);
  return best === undefined ? "" : ` (did you mean "${best}"?)`;
}

/** `did you mean "x"?` where `name` may mean a known one, else the list of known names. */
export function suggest(name: string, known: Iterable<string>): string {
  const names = [...known];
  const [best] = nearest(name, names);
  if (best !== undefined) return `did you mean "${best}"?`;
  return names.length > 0 ? `there is: ${names.sort().join(", ")}` : "there is none";
}

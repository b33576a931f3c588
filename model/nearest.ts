import { distance } from "fastest-levenshtein";

/**
 * The names that may be meant by `word`, most alike first, at most `limit`: those that differ in a third of its letters
 * at most, whatever their case; those that begin so; and those that contain it.
 */
export function nearest(word: string, names: readonly string[], limit = 1): string[] {
  const wanted = word.toLowerCase();
  const allowed = wanted === "" ? 0 : Math.max(1, Math.floor(wanted.length / 3));
  // A letter or two begin too many names, and are in too many.
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

/** `did you mean "x"?` where a known name may be meant, else the list of known names. */
export function suggest(name: string, known: Iterable<string>): string {
  const names = [...known];
  const [best] = nearest(name, names);
  if (best !== undefined) return `did you mean "${best}"?`;
  return names.length > 0 ? `there is: ${names.sort().join(", ")}` : "there is none";
}

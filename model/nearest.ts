import { distance } from "fastest-levenshtein";

/** The names most like `word`, best first, at most `limit`; none when nothing is near enough to be meant. */
export function nearest(word: string, names: readonly string[], limit = 1): string[] {
  const far = Math.max(2, Math.ceil(word.length / 2));
  return names
    .map((name) => ({ name, far: distance(word.toLowerCase(), name.toLowerCase()) }))
    .filter((candidate) => candidate.far <= far || candidate.name.includes(word))
    .sort((a, b) => a.far - b.far || a.name.localeCompare(b.name))
    .slice(0, limit)
    .map((candidate) => candidate.name);
}

/** ` (did you mean "x"?)`, or nothing. */
export function didYouMean(word: string, names: readonly string[]): string {
  const [best] = nearest(word, names);
  return best === undefined ? "" : ` (did you mean "${best}"?)`;
}

/** `did you mean "x"?` where a known name is near enough to be what was meant, else the list of known ones. */
export function suggest(name: string, known: Iterable<string>): string {
  const names = [...known];
  const [nearest] = names.map((known) => ({ known, far: distance(name, known) })).sort((a, b) => a.far - b.far);
  if (nearest && nearest.far <= Math.max(1, Math.floor(name.length / 3))) return `did you mean "${nearest.known}"?`;
  return names.length > 0 ? `there is: ${names.sort().join(", ")}` : "there is none";
}

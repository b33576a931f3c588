/** What a runner counted. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  /** What failed, each with its reason: said again before the last line, because a long run's log may be cut. */
  failures?: string[];
  /** Milliseconds of each test file, hooks included, by its path. */
  files?: Record<string, number>;
}

/** One suite that ran. */
export interface Result {
  label: string;
  /** From 1. */
  lane: number;
  seconds: number;
  counts: Counts;
}

/** How many files the summary names, and from how many milliseconds on. */
const slowest = { most: 20, from: 5_000 };

/** The run's end for people: how long each suite took and the slowest files, what failed, and the sum as last line. */
export function summary(results: Result[], ended?: string): string {
  const sum = (key: "passed" | "failed" | "skipped") => results.reduce((all, { counts }) => all + counts[key], 0);
  const failures = results.flatMap(({ label, counts }) =>
    (counts.failures ?? []).map((failure) => `${label}: ${failure}`),
  );
  const files = results
    .flatMap(({ label, counts }) =>
      Object.entries(counts.files ?? {}).map(([file, milliseconds]) => ({ label, file, milliseconds })),
    )
    .filter(({ milliseconds }) => milliseconds >= slowest.from)
    .sort((one, other) => other.milliseconds - one.milliseconds)
    .slice(0, slowest.most);
  const skipped = sum("skipped");
  return [
    "",
    "How long it took:",
    ...results.map(({ label, lane, seconds }) => `${time(seconds)}  ${label} (lane ${lane})`),
    ...(files.length > 0 ? ["", "The slowest files:"] : []),
    ...files.map(({ label, file, milliseconds }) => `${time(milliseconds / 1000)}  ${label}: ${file}`),
    ...(failures.length > 0 ? ["", "What failed:", ...failures] : []),
    ...(ended === undefined ? [] : ["", ended]),
    "",
    `${sum("passed")} passed, ${sum("failed")} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`,
    "",
  ].join("\n");
}

const time = (seconds: number) =>
  `${String(Math.floor(seconds / 60)).padStart(3)} min ${String(Math.floor(seconds % 60)).padStart(2, "0")} s`;

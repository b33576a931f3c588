/**
 * The seconds that each side took in one round. The sides run one after the other, so that other load on the machine
 * slows both.
 */
export interface Pair {
  ours: number;
  other: number;
}

export interface PairedRun {
  /** The number of pairs that count. */
  rounds: number;
  /** The number of pairs before them that don't count, because caches are cold. Default 1. */
  warmUps?: number;
  /**
   * Each side runs once and returns its seconds. Each prepares and cleans up by itself and does not count that time.
   */
  ours: () => Promise<number>;
  other: () => Promise<number>;
  note?: (text: string) => void;
}

/** Runs ours, other, ours, other, … */
export async function measurePairs({
  rounds,
  warmUps = 1,
  ours,
  other,
  note = () => undefined,
}: PairedRun): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let round = -warmUps; round < rounds; round++) {
    const pair = { ours: await ours(), other: await other() };
    note(
      `${round < 0 ? "warm-up" : `round ${round + 1} of ${rounds}`}: ${pair.ours.toFixed(2)} s ` +
        `and ${pair.other.toFixed(2)} s`,
    );
    if (round >= 0) pairs.push(pair);
  }
  return pairs;
}

/** Measures work that has no peer. Returns the seconds of each run, after one warm-up run that doesn't count. */
export async function measureAlone(
  rounds: number,
  work: () => Promise<unknown>,
  note: (text: string) => void,
): Promise<number[]> {
  const runs: number[] = [];
  for (let round = -1; round < rounds; round++) {
    const taken = await seconds(work);
    note(`${round < 0 ? "warm-up" : `round ${round + 1} of ${rounds}`}: ${taken.toFixed(2)} s`);
    if (round >= 0) runs.push(taken);
  }
  return runs;
}

/** Seconds that some work took. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return Number.isInteger(middle) ? (sorted[middle - 1]! + sorted[middle]!) / 2 : sorted[Math.floor(middle)]!;
}

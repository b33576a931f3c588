/**
 * Seconds that each side took in one round; both ran one after the other, so that what else the machine did met both.
 */
export interface Pair {
  ours: number;
  other: number;
}

export interface PairedRun {
  /** Pairs that count. */
  rounds: number;
  /** Pairs before them that don't: caches are cold. Default 1. */
  warmUps?: number;
  /**
   * Each runs once and returns its seconds; what it has to prepare and to clean up is its own affair, and not counted.
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

/** Runs where there is nothing to compare with: seconds of each, after one that doesn't count. */
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

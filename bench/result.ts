import { renderTable } from "../ops/terminal/table";
import { median, type Pair } from "./measure";

/** What one comparison found. */
export interface Result {
  name: string;
  /** Medians in seconds; of room in GiB. */
  ours: number;
  other?: number;
  /** The bounded value: the median of the pairs' ratios or differences, or of the seconds where there is no peer. */
  value: number;
  unit: "times" | "s" | "GiB";
  /** The smallest and the largest of the values that the median is taken of. */
  range: [number, number];
  bound: number;
  met: boolean;
  runs: number;
}

/** Our time as a multiple of the other's; at most `bound` is allowed. */
export function ratioResult(name: string, pairs: readonly Pair[], bound: number): Result {
  const ratios = pairs.map(({ ours, other }) => ours / other);
  return {
    name,
    ours: median(pairs.map(({ ours }) => ours)),
    other: median(pairs.map(({ other }) => other)),
    ...bounded(ratios, bound),
    unit: "times",
  };
}

/** How many seconds longer ours takes than the other; at most `bound` is allowed. */
export function differenceResult(name: string, pairs: readonly Pair[], bound: number): Result {
  const differences = pairs.map(({ ours, other }) => ours - other);
  return {
    name,
    ours: median(pairs.map(({ ours }) => ours)),
    other: median(pairs.map(({ other }) => other)),
    ...bounded(differences, bound),
    unit: "s",
  };
}

/** How many seconds ours takes; at most `bound` is allowed. */
export function secondsResult(name: string, runs: readonly number[], bound: number): Result {
  return { name, ours: median(runs), ...bounded(runs, bound), unit: "s" };
}

/** How many GiB were in use at once; at most `bound` are allowed. */
export function gibibytesResult(name: string, peak: number, bound: number): Result {
  return { name, ours: peak, ...bounded([peak], bound), unit: "GiB" };
}

function bounded(values: readonly number[], bound: number): Pick<Result, "value" | "range" | "bound" | "met" | "runs"> {
  const value = median(values);
  return { value, range: [Math.min(...values), Math.max(...values)], bound, met: value <= bound, runs: values.length };
}

/** One line per comparison: the measured value, its bound, and whether the bound is met. */
export function resultTable(results: readonly Result[]): string {
  const number = (value: number, { unit }: Result) =>
    unit === "times" ? value.toFixed(2) : `${value.toFixed(1)} ${unit}`;
  const rows = results.map((result) => [
    result.name,
    `${result.ours.toFixed(2)} ${result.unit === "GiB" ? "GiB" : "s"}`,
    result.other === undefined ? "" : `${result.other.toFixed(2)} s`,
    number(result.value, result),
    result.range.map((value) => number(value, result)).join(" to "),
    String(result.runs),
    `at most ${number(result.bound, result)}`,
    result.met ? "met" : "MISSED",
  ]);
  return renderTable(["COMPARISON", "OURS", "OTHER", "MEDIAN", "RANGE", "RUNS", "BOUND", ""], rows);
}

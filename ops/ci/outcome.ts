import { exitCodes } from "../terminal/exit-codes";
import type { Violation } from "./policies";

/**
 * `stopped`: the program itself refuses the update, so nothing is lost and no label helps. `refused`: a
 * policy refuses it.
 */
export type Outcome = "safe" | "at-risk" | "stopped" | "refused" | "failed";

/** `impact`: the exit code of `npm run impact`. `ok`: whether the preview with the policies succeeded. */
export function judgeOutcome({
  impact,
  ok,
  violations,
}: {
  impact: number;
  ok: boolean;
  violations: Violation[];
}): Outcome {
  if (violations.some(({ level }) => level === "mandatory")) return "refused";
  if (impact === exitCodes.atRisk) return ok ? "at-risk" : "stopped";
  return impact === exitCodes.done && ok ? "safe" : "failed";
}

/** The exit code of `npm run ci:preview`. `accepted`: whether a label accepts the loss of data. */
export function exitCodeOf(outcome: Outcome, accepted: boolean): number {
  if (outcome === "at-risk") return accepted ? exitCodes.done : exitCodes.atRisk;
  return {
    safe: exitCodes.done,
    stopped: exitCodes.atRisk,
    refused: exitCodes.failed,
    failed: exitCodes.failed,
  }[outcome];
}

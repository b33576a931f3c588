import { exitCodes } from "../terminal/exit-codes";
import type { PullRequest } from "./github-run";
import type { Violation } from "./policies";

/** The label that accepts the data loss of a pull request. Somebody sets it after reading what is lost. */
export const acceptLabel = "accept-data-loss";

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

/** Whether a label of the pull request accepts the loss of data. */
export const accepts = (pull: PullRequest | undefined) => pull?.labels.includes(acceptLabel) ?? false;

/** The exit code of `npm run ci:preview`. */
export function exitCodeOf(outcome: Outcome, pull: PullRequest | undefined): number {
  if (outcome === "at-risk") return accepts(pull) ? exitCodes.done : exitCodes.atRisk;
  return {
    safe: exitCodes.done,
    stopped: exitCodes.atRisk,
    refused: exitCodes.failed,
    failed: exitCodes.failed,
  }[outcome];
}

import { exitCodes } from "../terminal/exit-codes";
import type { PullRequest } from "./github-run";
import type { Violation } from "./policies";

/** The label of a pull request by which somebody who has read what is lost accepts that. */
export const acceptLabel = "accept-data-loss";

/** `stopped`: the program itself refuses, so nothing is lost and no label helps. `refused`: a policy does. */
export type Outcome = "safe" | "at-risk" | "stopped" | "refused" | "failed";

/** `impact`: exit code of `npm run impact`. `ok`: whether the preview with the policies on came to its end. */
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

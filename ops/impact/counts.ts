import { isClaim, kindOf, type ResourceChange } from "./changes";
import type { Counts } from "./types";
import { isWorkload } from "./workloads";

/**
 * Counts everything that is neither a claim nor a workload. Components and providers are Pulumi's own and
 * are not counted.
 */
export function countRest(changes: readonly ResourceChange[]): { rest: Counts; unchanged: number } {
  const rest: Counts = {};
  let unchanged = 0;
  for (const { change, before, after } of changes) {
    const state = (after ?? before)!;
    if (isClaim(state) || /^(pulumi:|cluster-storage:)/.test(state.type)) continue;
    if (change === "same") unchanged += 1;
    else if (!isWorkload(state)) {
      const kinds = (rest[change] ??= {});
      kinds[kindOf(state)] = (kinds[kindOf(state)] ?? 0) + 1;
    }
  }
  return { rest, unchanged };
}

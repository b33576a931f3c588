import { isClaim, kindOf, objectOf, type ResourceChange } from "./steps";
import type { GuardedImpact } from "./types";
import { unprotects } from "./volumes";

/**
 * What else is protected and would not be there as it was: a namespace takes its claims along, and data that is
 * encrypted with a lost key is lost too.
 */
export function guardedOf(changes: readonly ResourceChange[]): GuardedImpact[] {
  return changes.flatMap(({ urn, change, before, after }): GuardedImpact[] => {
    if (!before?.protect || isClaim(before)) return [];
    const resource = `${kindOf(before)} ${objectOf(urn, before)}`;
    if (change === "deleted" || change === "replaced") return [{ resource, fate: change }];
    return unprotects(before, after) ? [{ resource, fate: "unprotected" }] : [];
  });
}

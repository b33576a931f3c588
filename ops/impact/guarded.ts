import { type Change, isClaim, kindOf, objectOf, type ResourceChange } from "./changes";
import type { GuardedImpact } from "./types";
import { unprotects } from "./volumes";

/**
 * A volume made by hand is where its claim's data is; a password that is made anew is not the one that a database
 * keeps. One that is deleted goes with its service.
 */
const alwaysNeeded: Partial<Record<string, Change[]>> = {
  PersistentVolume: ["deleted", "replaced"],
  RandomPassword: ["replaced"],
};

/**
 * What else is protected and would not be there as it was: a namespace takes its claims along, and data that is
 * encrypted with a lost key is lost too. Some of it counts without protection, which makes it no less needed.
 */
export function guardedOf(changes: readonly ResourceChange[]): GuardedImpact[] {
  return changes.flatMap(({ urn, change, before, after }): GuardedImpact[] => {
    if (!before || isClaim(before)) return [];
    const resource = `${kindOf(before)} ${objectOf(urn, before)}`;
    const needed = before.protect || alwaysNeeded[kindOf(before)]?.includes(change);
    if (needed && (change === "deleted" || change === "replaced")) return [{ resource, fate: change }];
    return unprotects(before, after) ? [{ resource, fate: "unprotected" }] : [];
  });
}

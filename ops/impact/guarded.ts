import { type Change, isClaim, kindOf, objectOf, type ResourceChange } from "./changes";
import type { GuardedImpact } from "./types";
import { unprotects } from "./volumes";

/**
 * A volume made by hand contains its claim's data. A database keeps its old password, so a password made anew doesn't
 * fit. A password that is deleted goes with its service.
 */
const alwaysNeeded: Partial<Record<string, Change[]>> = {
  PersistentVolume: ["deleted", "replaced"],
  RandomPassword: ["replaced"],
};

/**
 * Protected resources other than claims that the change would delete, replace or leave unprotected. A
 * namespace takes its claims along, and data that is encrypted with a lost key is lost too. Some kinds are
 * needed just as much without protection.
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

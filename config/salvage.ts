import type { z } from "zod";
import { Hidden, hiddenText, mapLeaves } from "../model/hidden";
import { isMap } from "../model/map";

/** A stand-in for every required value, so that an entry with a fault still has a place among the others. */
const placeholder = { size: "1Gi" };

/**
 * An entry without its wrong values, so that the rules between entries can be checked on the rest. It serves only to
 * find further faults and is never deployed. Undefined where too much is wrong.
 */
export function salvage<T>(schema: z.ZodType<T>, value: unknown): T | undefined {
  let entry: Record<string, unknown> = isMap(value) ? (mapLeaves(value, shown) as Record<string, unknown>) : {};
  for (let tries = 0; tries < 3; tries++) {
    const result = schema.safeParse(entry);
    if (result.success) return result.data;
    for (const issue of result.error.issues) entry = mend(entry, issue);
  }
  return undefined;
}

const shown = (part: unknown) => (part instanceof Hidden ? hiddenText : undefined);

function mend(entry: Record<string, unknown>, issue: z.core.$ZodIssue): Record<string, unknown> {
  if (issue.code === "unrecognized_keys") {
    const holder = at(entry, issue.path);
    for (const key of issue.keys) delete holder?.[key];
    return entry;
  }
  const key = issue.path.at(-1);
  const holder = at(entry, issue.path.slice(0, -1));
  if (!holder || key === undefined) return {};
  if (key === "size") holder.size = placeholder.size;
  else if (holder[key as string] === undefined) holder[key as string] = { ...placeholder };
  else delete holder[key as string];
  return entry;
}

function at(entry: Record<string, unknown>, path: PropertyKey[]): Record<string, unknown> | undefined {
  return path.reduce<Record<string, unknown> | undefined>(
    (inner, key) => inner?.[key as string] as Record<string, unknown> | undefined,
    entry,
  );
}

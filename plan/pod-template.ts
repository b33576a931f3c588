import { isDeepStrictEqual } from "node:util";

/** A pod template as the API has it, as far as an update goes by it. */
export interface PodTemplate {
  spec?: {
    initContainers?: { name: string }[];
    containers?: { name: string; resources?: Record<string, Record<string, string> | undefined> }[];
    volumes?: { name: string; emptyDir?: object }[];
  };
}

/** What the API makes of the workload that the update would send, or why it refuses that. */
export type Dry = { template: PodTemplate } | { refused: string };

/**
 * Where two values differ first, for a person: `containers.redis.image`. Undefined: nowhere. A variable comes last, as
 * the catalogue makes some from what a person has changed, such as a memory limit.
 */
export function difference(before: unknown, after: unknown): string | undefined {
  if (isDeepStrictEqual(before, after)) return undefined;
  if (!isObject(before) || !isObject(after) || Array.isArray(before) !== Array.isArray(after)) return "";
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const differing = keys.filter((each) => !isDeepStrictEqual(before[each], after[each]));
  const key = differing.find((each) => each !== "env") ?? differing[0] ?? "";
  const named = [before[key], after[key]].find((value) => isObject(value) && typeof value.name === "string");
  const name = Array.isArray(before) && isObject(named) ? String(named.name) : key;
  return [name, difference(before[key], after[key])]
    .filter(Boolean)
    .join(".")
    .replace(/^spec\./, "");
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

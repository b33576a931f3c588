import type { Values } from "./chart-plan";

/** Merges `over` into `base`, key by key. A list is replaced as a whole, as Helm does it. */
export function mergeValues(base: Values, over: Values): Values {
  const merged = Object.entries(over).map(([key, value]) => [
    key,
    isValues(value) && isValues(base[key]) ? mergeValues(base[key], value) : value,
  ]);
  return { ...base, ...Object.fromEntries(merged) };
}

const isValues = (value: unknown): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value);

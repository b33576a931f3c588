import type { Values } from "./chart-plan";
import { isMap } from "./map";

/** Merges `over` into `base`, key by key. A list is replaced as a whole, as Helm does it. */
export function mergeValues(base: Values, over: Values): Values {
  const merged = Object.entries(over).map(([key, value]) => [
    key,
    isMap(value) && isMap(base[key]) ? mergeValues(base[key], value) : value,
  ]);
  return { ...base, ...Object.fromEntries(merged) };
}

import { z } from "zod";
import { flag, nonEmpty } from "../../config/fields";
import type { Values } from "../../model/charts";

/** Settings that every backend with a chart has. */
export const chartSettings = (version: string) => ({
  /** false where the driver is there already: another backend of this stack or somebody else installed it. */
  install: flag.default(true),
  version: nonEmpty(`a version is for instance ${version}`).default(version),
  /** The chart's values that differ from ours, for what has no key here. */
  values: z.record(z.string(), z.unknown()).default({}),
});

/** `over` laid over `base`, key by key; lists are replaced whole, as Helm does. */
export function mergeValues(base: Values, over: Values): Values {
  const merged = Object.entries(over).map(([key, value]) => [
    key,
    isValues(value) && isValues(base[key]) ? mergeValues(base[key], value) : value,
  ]);
  return { ...base, ...Object.fromEntries(merged) };
}

const isValues = (value: unknown): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value);

import { show } from "../../config/fields";
import type { Values } from "../../model/chart-plan";
import type { Fault } from "../../model/plan";

/** A value of a chart that the user may not set freely, because data or the rest of the plan depends on it. */
export interface ValueRule {
  /** The value's path in the chart's values, such as `crds.enabled`. */
  path: string;
  /** Whether a value would take away what is needed. `null` removes the chart's own default. */
  refuses: (value: unknown) => boolean;
  /** What the value would do, and what to do instead. */
  because: string;
}

/** A value that a key of the config or the plan decides. */
export const decided = (path: string, because: string): ValueRule => ({ path, refuses: () => true, because });

/** A switch that may not be off. */
export const staysOn = (path: string, because: string): ValueRule => ({
  path,
  refuses: (value) => value !== true,
  because,
});

/** A switch that may not be on. */
export const staysOff = (path: string, because: string): ValueRule => ({
  path,
  // A chart takes any text but an empty one as on.
  refuses: (value) => ![false, null, undefined, "", "false"].includes(value as never),
  because,
});

/** Every value that is refused. `key`: the key of the backend's entry that holds the values. */
export const valueFaults = (values: Values, rules: readonly ValueRule[], key: string): Fault[] =>
  rules.flatMap(({ path, refuses, because }): Fault[] => {
    const steps = path.split(".");
    let at: unknown = values;
    for (const [i, step] of steps.entries()) {
      if (typeof at !== "object" || at === null || Array.isArray(at))
        return [
          {
            path: [key, ...steps.slice(0, i)].join("."),
            message: `can't be ${told(at)}, which takes ${path} away: ${because}`,
          },
        ];
      if (!Object.hasOwn(at, step)) return [];
      at = (at as Values)[step];
    }
    return refuses(at) ? [{ path: `${key}.${path}`, message: `can't be ${told(at)}: ${because}` }] : [];
  });

/** A value in a message; a long one is there to be read in the file. */
function told(value: unknown): string {
  const text = show(value);
  return text.length > 40 ? "so" : text;
}

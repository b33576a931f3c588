import { z } from "zod";
import { pathText } from "../model/config-path";
import { Hidden } from "../model/hidden";
import { object } from "./fields";
import { common } from "./services";
import { podSettings } from "./settings/pod";

/** The section `cluster-storage:defaults`: settings of every service that doesn't say them itself. */

/** Of what every service takes: what makes sense for all of them. */
const names = ["resources", "env", "egress", "probes", "service", ...Object.keys(podSettings)];

export const defaultsShape: z.ZodRawShape = Object.fromEntries(
  Object.entries(common).filter(([name]) => names.includes(name)),
);

export const defaultsSchema = object(defaultsShape);

/** What a backend's own pods take of it. */
export const backendDefaults = ["tolerations", "imagePullSecrets"];

type Entries = Record<string, unknown>;

const isEntries = (value: unknown): value is Entries =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Hidden);

/** The defaults in which nothing is wrong, as they are written. */
export function soundDefaults(value: unknown): Entries {
  if (!isEntries(value)) return {};
  const sound = ([key, each]: [string, unknown]) =>
    defaultsShape[key] !== undefined && z.safeParse(defaultsShape[key], each).success;
  return Object.fromEntries(Object.entries(value).filter(sound));
}

/** How deep a setting's maps are merged: requests and limits have maps of their own, and affinity is one whole. */
const depths: Readonly<Record<string, number>> = { resources: 2, affinity: 0 };

/**
 * An entry with the defaults of the keys that its schema has. The entry's own values win, in a map key by key; `null`
 * takes a default away. `inherited` gets the path of each value that came from the defaults.
 */
export function withDefaults(
  entry: unknown,
  defaults: Entries,
  keys: readonly string[],
  path: readonly string[],
  inherited: Map<string, string>,
): unknown {
  if (!isEntries(entry)) return entry;
  const known = Object.fromEntries(Object.entries(defaults).filter(([key]) => keys.includes(key)));
  const merge = (own: Entries, from: Entries, at: readonly string[], depthOf: (key: string) => number): Entries => {
    const result = { ...own };
    for (const [key, value] of Object.entries(from)) {
      const [mine, depth] = [own[key], depthOf(key)];
      if (mine === null) delete result[key];
      else if (mine === undefined) {
        result[key] = value;
        inherited.set(pathText([...path, ...at, key]), pathText(["defaults", ...at, key]));
      } else if (depth > 0 && isEntries(mine) && isEntries(value))
        result[key] = merge(mine, value, [...at, key], () => depth - 1);
    }
    return result;
  };
  return merge(entry, known, [], (key) => depths[key] ?? 1);
}

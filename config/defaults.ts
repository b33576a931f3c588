import { z } from "zod";
import { pathText } from "../model/config-path";
import { Hidden } from "../model/hidden";
import { object } from "./fields";
import { common } from "./services";
import { podSettings } from "./settings/pod";

/** The section `cluster-storage:defaults`: settings of every service that doesn't say them itself. */

/** Of what every service takes: what makes sense for all of them. */
const names = ["resources", "env", "extraVolumes", "egress", "probes", "service", "shm", ...Object.keys(podSettings)];

export const defaultsShape: z.ZodRawShape = Object.fromEntries(
  Object.entries(common).filter(([name]) => names.includes(name)),
);

export const defaultsSchema = object(defaultsShape);

/** What a backend's own pods take of it. */
export const backendDefaults = ["tolerations", "imagePullSecrets"];

type Entries = Record<string, unknown>;

const isEntries = (value: unknown): value is Entries =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Hidden);

/** Whether nothing is wrong with one of the defaults. What is wrong is said where it stands, not at each service. */
const isSound = (key: string, value: unknown) =>
  Object.hasOwn(defaultsShape, key) && z.safeParse(defaultsShape[key]!, value).success;

/** How deep a setting's maps are merged: requests and limits have maps of their own, and affinity is one whole. */
const depths: Readonly<Record<string, number>> = { resources: 2, affinity: 0 };

/**
 * An entry with the sound ones of the defaults for the keys that its schema has. The entry's own values win, in a map
 * key by key; `null` takes a default away, sound or not. `inherited` gets the path of each value that came from the
 * defaults.
 */
export function withDefaults(
  entry: unknown,
  defaults: unknown,
  keys: readonly string[],
  path: readonly string[],
  inherited: Map<string, string>,
): unknown {
  if (!isEntries(entry) || !isEntries(defaults)) return entry;
  const merge = (own: Entries, from: Entries, at: readonly string[], rules: Rules): Entries => {
    const result = new Map(Object.entries(own));
    for (const [key, value] of Object.entries(from)) {
      const [mine, { depth, sound }] = [result.get(key), rules(key, value)];
      if (mine === null) result.delete(key);
      else if (mine === undefined) {
        if (!sound) continue;
        result.set(key, value);
        inherited.set(pathText([...path, ...at, key]), pathText(["defaults", ...at, key]));
      } else if (depth > 0 && isEntries(mine) && isEntries(value))
        result.set(
          key,
          merge(mine, value, [...at, key], () => ({ depth: depth - 1, sound })),
        );
    }
    return Object.fromEntries(result);
  };
  const known = Object.fromEntries(Object.entries(defaults).filter(([key]) => keys.includes(key)));
  return merge(entry, known, [], (key, value) => ({ depth: depths[key] ?? 1, sound: isSound(key, value) }));
}

/** Of a default: how deep its maps are merged, and whether services get it. */
type Rules = (key: string, value: unknown) => { depth: number; sound: boolean };

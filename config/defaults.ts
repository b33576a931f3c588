import { z } from "zod";
import { pathText } from "../model/config-path";
import { Hidden } from "../model/hidden";
import { isMap } from "../model/map";
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

const isEntries = (value: unknown): value is Entries => isMap(value) && !(value instanceof Hidden);

/** Whether nothing is wrong with one of the defaults. What is wrong is said where it stands, not at each service. */
const isSound = (key: string, value: unknown) =>
  Object.hasOwn(defaultsShape, key) && z.safeParse(defaultsShape[key]!, value).success;

/**
 * How deep a setting's maps are merged: `resources` has maps of their own in requests and limits, `service` in its
 * annotations, and affinity is one whole.
 */
const depths: Readonly<Record<string, number>> = { resources: 2, service: 2, affinity: 0 };

export const mergeDepth = (key: string) => depths[key] ?? 1;

/**
 * An entry with the sound ones of the defaults for the keys that its schema has. The entry's own values win, in a map
 * key by key; `null` takes a default away, also one that is wrong or gone. `inherited` gets the path of each value that
 * came from the defaults, and of each key in it.
 */
export function withDefaults(
  entry: unknown,
  defaults: unknown,
  keys: readonly string[],
  path: readonly string[],
  inherited: Map<string, string>,
): unknown {
  if (!isEntries(entry) || !isEntries(defaults)) return entry;
  const note = (value: unknown, at: readonly string[], depth: number) => {
    inherited.set(pathText([...path, ...at]), pathText(["defaults", ...at]));
    if (depth > 0 && isEntries(value))
      for (const [key, inner] of Object.entries(value)) note(inner, [...at, key], depth - 1);
  };
  const one = (mine: unknown, value: unknown, at: readonly string[], depth: number): unknown => {
    if (mine === null) return undefined;
    if (mine === undefined) {
      if (value !== undefined) note(value, at, depth);
      return value;
    }
    if (depth === 0 || !isEntries(mine)) return mine;
    const from = isEntries(value) ? value : {};
    return each(mine, from, (key) => one(own(mine, key), own(from, key), [...at, key], depth - 1));
  };
  const known = Object.keys(defaultsShape).filter((key) => keys.includes(key));
  const sound = Object.entries(defaults).filter(([key, value]) => known.includes(key) && isSound(key, value));
  const from = Object.fromEntries(sound);
  return each(entry, from, (key) =>
    known.includes(key) ? one(own(entry, key), own(from, key), [key], mergeDepth(key)) : own(entry, key),
  );
}

/** A key's value, and nothing that every object has. */
const own = (entries: Entries, key: string): unknown => (Object.hasOwn(entries, key) ? entries[key] : undefined);

/**
 * A map with the keys of two, without those of which `of` gives undefined. The second one's come first: a variable's
 * value can have earlier variables in it.
 */
const each = (first: Entries, second: Entries, of: (key: string) => unknown): Entries =>
  Object.fromEntries(
    Object.keys({ ...second, ...first })
      .map((key): [string, unknown] => [key, of(key)])
      .filter(([, value]) => value !== undefined),
  );

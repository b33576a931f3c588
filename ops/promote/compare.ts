import { isDeepStrictEqual } from "node:util";
import { type ClaimLines, readLines } from "../move/lines";
import { compareVolumes } from "./volumes";
import { reasonFor, type Rules } from "./rules";

/** A map of a stack's config. */
export type Entries = Record<string, unknown>;

/** One place at which two stacks' configs differ. */
export interface Difference {
  /** Below the project's prefix: `services`, `redis`, `image`. */
  path: string[];
  /** Undefined: not said there. */
  from: unknown;
  to: unknown;
  /** intent: on purpose. carried: the target gets it. left: a person has to decide. */
  kind: "intent" | "carried" | "left";
  /** Why it is on purpose or left; of what is carried, what else there is to know. */
  reason?: string;
  /** Keys to write into the map at `path`, where it isn't the value itself. */
  edit?: Entries;
}

export interface Options {
  rules: Rules;
  /** The target's name, for what a person reads. */
  to: string;
  /** Data is moved back to an earlier volume where the source is on that. */
  moveBack: boolean;
}

/** Everything at which the config of `to` differs from that of `from`, in the order of `from`'s file. */
export function compare(from: Entries, to: Entries, options: Options): Difference[] {
  return compareMaps([], from, to, options);
}

/** What a claim's move writes; where it is the volume that differs, these keys are one difference. */
const moveKeys = ["generation", "kept", "from"];

function compareMaps(path: string[], from: Entries, to: Entries, options: Options): Difference[] {
  const volumes = isVolume(from) && isVolume(to) ? compareVolumes(path, readLines(from), readLines(to), options) : undefined;
  const taken = volumes ? [...moveKeys, ...(volumes.some(({ edit }) => edit) ? ["backend", "class"] : [])] : [];
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter((key) => !taken.includes(key));
  return [...(volumes ?? []), ...keys.flatMap((key) => compareValues([...path, key], from[key], to[key], options))];
}

function compareValues(path: string[], from: unknown, to: unknown, options: Options): Difference[] {
  if (isDeepStrictEqual(from, to)) return [];
  const reason = reasonFor(path, options.rules);
  if (reason !== undefined) return [{ path, from, to, kind: "intent", reason }];
  if (isMap(from) && isMap(to) && !isSecret(from) && !isSecret(to)) return compareMaps(path, from, to, options);
  if (isSecret(from) || isSecret(to)) return [{ path, from: hide(from), to: hide(to), kind: "left", reason: `a secret is encrypted for its own stack: pulumi config set --secret -s ${options.to}` }];
  if (from === undefined && holdsVolume(to)) {
    return [{ path, from, to, kind: "left", reason: "taking it out would take its data: docs/removing-a-service.md, or say in promotion.yaml why only one stack has it" }];
  }
  return [{ path, from, to, kind: "carried", ...(to === undefined && holdsVolume(from) && { reason: "new there, with the size that it has here" }) }];
}

export const isMap = (value: unknown): value is Entries => typeof value === "object" && value !== null && !Array.isArray(value);

const isVolume = (value: Entries): value is Entries & ClaimLines => typeof value.size === "string";

/** A service, or a claim of one. */
const holdsVolume = (value: unknown): boolean => isMap(value) && (isVolume(value) || Object.values(value).some((inner) => isMap(inner) && isVolume(inner)));

/** How Pulumi writes an encrypted value. */
const isSecret = (value: unknown): boolean => isMap(value) && Object.keys(value).length === 1 && typeof value.secure === "string";
const hide = (value: unknown) => (isSecret(value) ? "[secret]" : value);

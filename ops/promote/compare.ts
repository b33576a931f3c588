import { isDeepStrictEqual } from "node:util";
import { hideSealed, isSealed, placesOf } from "../../model/hidden";
import { type ClaimEntry, readClaimEntry } from "../move/claim-entry";
import { compareVolumes } from "./volumes";
import type { CompareOptions, Difference, Entries } from "./difference";
import { reasonFor } from "./rules";
import { compareSecrets, holdsSecret, withoutSecrets } from "./secrets";

/** All differences between the configs of `from` and `to`, in the order of `from`'s file. */
export function compareConfigs(from: Entries, to: Entries, options: CompareOptions): Difference[] {
  return compareMaps([], from, to, options);
}

/** The keys that a claim's move writes. If the two stacks' volumes differ, these keys count as one difference. */
const moveKeys = ["generation", "kept", "from"];

function compareMaps(path: string[], from: Entries, to: Entries, options: CompareOptions): Difference[] {
  const volumes =
    isVolume(from) && isVolume(to)
      ? compareVolumes(path, readClaimEntry(from), readClaimEntry(to), options)
      : undefined;
  const taken = volumes ? [...moveKeys, ...(volumes.some(({ edit }) => edit) ? ["backend", "class", "node"] : [])] : [];
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter((key) => !taken.includes(key));
  return [...(volumes ?? []), ...keys.flatMap((key) => compareValues([...path, key], from[key], to[key], options))];
}

function compareValues(path: string[], from: unknown, to: unknown, options: CompareOptions): Difference[] {
  if (isDeepStrictEqual(from, to)) return [];
  const reason = reasonFor(path, options.rules);
  if (reason !== undefined) return [{ path, from: hideSealed(from), to: hideSealed(to), kind: "intent", reason }];
  if (isMap(from) && isMap(to) && !isSealed(from) && !isSealed(to)) return compareMaps(path, from, to, options);
  const secrets = compareSecrets(path, from, to, options.to);
  if (secrets) return secrets;
  if (to === undefined && holdsSecret(from))
    return [
      ...compareValues(path, withoutSecrets(from), undefined, options),
      ...placesOf(from, isSealed).flatMap(
        (below) => compareSecrets([...path, ...below.map(String)], { secure: "" }, undefined, options.to) ?? [],
      ),
    ];
  if (from === undefined && holdsVolume(to)) {
    return [
      {
        path,
        from,
        to,
        kind: "left",
        reason:
          "removing it would remove its data; see docs/removing-a-service.md, " +
          "or write in promotion.yaml why only one stack has it",
      },
    ];
  }
  if (isDefaults(path)) return compareDefaults(path, from, to, options);
  return [to === undefined && holdsVolume(from) ? newThere(path, from, options) : { path, from, to, kind: "carried" }];
}

const isDefaults = (path: readonly string[]) => path.length === 1 && path[0] === "defaults";

/** The settings of all services, where one of the stacks has none. Some of them may be what each stack decides. */
function compareDefaults(path: string[], from: unknown, to: unknown, options: CompareOptions): Difference[] {
  const reasonOf = (key: string) => reasonFor([...path, key], options.rules);
  if (isMap(to) && Object.keys(to).some(reasonOf)) return compareMaps(path, {}, to, options);
  if (to !== undefined || !isMap(from)) return [{ path, from, to, kind: "carried" }];
  const own = Object.entries(from).filter(([key]) => reasonOf(key) !== undefined);
  const carried = Object.entries(from).filter(([key]) => reasonOf(key) === undefined);
  return [
    ...(carried.length > 0 ? [{ path, from: Object.fromEntries(carried), to, kind: "carried" as const }] : []),
    ...own.map(([key, value]) => ({
      path: [...path, key],
      from: value,
      to,
      kind: "intent" as const,
      reason: reasonOf(key)!,
    })),
  ];
}

/**
 * What the target lacks, without the settings that each stack decides for itself, such as its place and its protection.
 */
function newThere(path: string[], from: Entries, { rules }: CompareOptions): Difference {
  const left: string[] = [];
  const own = (at: string[], value: Entries): Entries => {
    const entries = Object.entries(value).filter(([key]) => {
      // The target doesn't have the volumes that the source's claim left earlier. It needs a size in any case.
      const stays =
        isVolume(value) && (key === "kept" || key === "from")
          ? false
          : key === "size" || reasonFor([...at, key], rules) === undefined;
      if (!stays) left.push([...at, key].slice(path.length).join("."));
      return stays;
    });
    return Object.fromEntries(entries.map(([key, inner]) => [key, isMap(inner) ? own([...at, key], inner) : inner]));
  };
  const carried = own(path, from);
  const without = left.length === 0 ? "" : `, and without ${left.join(", ")}, which each stack decides for itself`;
  return {
    path,
    from: carried,
    to: undefined,
    kind: "carried",
    reason: `new there, with the size that it has in the source${without}`,
  };
}

const isMap = (value: unknown): value is Entries =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isVolume = (value: Entries): value is Entries & ClaimEntry => typeof value.size === "string";

/** Whether the value is a service with a volume, or one of its claims. */
const holdsVolume = (value: unknown): value is Entries =>
  isMap(value) && (isVolume(value) || Object.values(value).some((inner) => isMap(inner) && isVolume(inner)));

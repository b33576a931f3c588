import type { Backend } from "../../model/backend";
import type { StackConfig } from "../../model/config";
import { UserError } from "../../model/user-error";
import { didYouMean } from "../../model/nearest";
import type { Placement, VolumeEntry } from "./claim-entry";

/** A class of one of the stack's backends: a place where a volume can be. */
export interface Place {
  backend: string;
  /** "" where its volumes have no class. */
  class: string;
  isDefault: boolean;
  /** The volumes are deleted with the pod. */
  ephemeral: boolean;
  /** A bound claim can grow. */
  expand: boolean;
  /** The volumes are tied to a node. */
  followsNode: boolean;
}

/** All places in the stack's config. */
export function listPlaces({ backends }: Pick<StackConfig, "backends">, types: ReadonlyMap<string, Backend>): Place[] {
  return [...backends].flatMap(([backend, { type, settings }]): Place[] => {
    const kind = types.get(type);
    const known = kind?.classes(backend, settings) ?? [];
    return known.map(({ name, isDefault, ephemeral = false, capabilities }) => {
      const { expand, followsNode } = capabilities ?? kind!.capabilities(settings);
      return { backend, class: name, isDefault, ephemeral, expand, followsNode };
    });
  });
}

/** The place that a volume's entry names; undefined for a volume that was made by hand. */
export function placeOf(lines: Pick<VolumeEntry, "backend" | "class">, places: readonly Place[]): Place | undefined {
  if (lines.backend !== undefined) return places.find(({ backend }) => backend === lines.backend);
  return places.find((place) =>
    lines.class === undefined ? place.isDefault : lines.class !== "" && place.class === lines.class,
  );
}

/**
 * The place that `--to` names, and how to write it in the entry: as a backend or as a class. Where the name is both,
 * the entry keeps the key that it has already. Throws a UserError, with the nearest name, for a place that the stack
 * doesn't have.
 */
export function findPlace(
  name: string,
  places: readonly Place[],
  current: Pick<VolumeEntry, "backend" | "class">,
): { place: Place; placement: Placement } {
  const byClass = name === "" ? undefined : places.find((place) => place.class === name);
  const byBackend = places.find(({ backend }) => backend === name);
  if (byClass && (current.class !== undefined || !byBackend)) return { place: byClass, placement: { class: name } };
  if (byBackend) return { place: byBackend, placement: { backend: name } };
  const names = [...new Set(places.flatMap((place) => [place.backend, place.class]))]
    .filter((known) => known !== "")
    .sort();
  throw new UserError(
    `the stack's config has no backend or class "${name}"` +
      (didYouMean(name, names) || `; it has: ${names.join(", ")}`),
  );
}

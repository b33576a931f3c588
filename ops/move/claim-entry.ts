import type { FromPoint } from "../../model/restore";
import type { Value } from "./edit";

/** One volume of a claim, as a stack file describes it. */
export interface VolumeEntry {
  generation: number;
  size: string;
  backend?: string;
  class?: string;
  accessMode?: string;
  node?: string;
}

/** A claim's entry in a stack file: the volume in use, the kept volumes, and which one the data comes from. */
export interface ClaimEntry extends VolumeEntry {
  kept: VolumeEntry[];
  from?: number | "none" | FromPoint;
}

/** The keys to write; a key whose value is undefined is removed. */
export type EntryEdit = Record<string, Value>;

export type Placement = { backend: string } | { class: string } | undefined;

/** The entry with its defaults. */
export function readClaimEntry(entry: unknown): ClaimEntry {
  return { generation: 1, kept: [], ...(entry as Partial<ClaimEntry> & { size: string }) };
}

/**
 * The edit that takes the data to a new volume. The new generation is above those of the kept volumes and of the volume
 * in use, which becomes a kept one. Without `placement` the new volume is in the same place and on the same node. With
 * `placement` the node of the old place is left out. `taken`: numbers that the cluster still has something of.
 */
export function toNewVolume(
  current: ClaimEntry,
  placement: Placement,
  size = current.size,
  node = placement ? undefined : current.node,
  taken: readonly number[] = [],
): EntryEdit {
  const kept = keep(current.kept, current);
  const generation = 1 + Math.max(...kept.map((volume) => volume.generation), ...taken);
  const from = newestBelow(generation, kept) === current.generation ? undefined : current.generation;
  return { size, ...placement, ...nodeEdit(current, node), generation, from, kept };
}

/** The kept generation that the volume in use got its data from; undefined for a first volume, and after a return. */
export function earlierOf({ generation, kept, from: said }: ClaimEntry): VolumeEntry | undefined {
  // After a restore it is the one that the service has left.
  const named = typeof said === "object" ? said.leaves : said;
  const from = named ?? newestBelow(generation, kept);
  return kept.find((volume) => volume.generation === from && volume.generation < generation);
}

/**
 * The edit that returns to the volume `earlier`. The newest data is copied back, or, with `asItWas`, nothing is copied.
 */
export function backTo(current: ClaimEntry, earlier: VolumeEntry, asItWas: boolean): EntryEdit {
  const kept = keep(
    current.kept.filter((volume) => volume !== earlier),
    current,
  );
  const from = asItWas ? noCopy(earlier.generation, kept) : current.generation;
  return {
    ...placementOf(earlier),
    ...nodeEdit(current, earlier.node),
    size: earlier.size,
    accessMode: earlier.accessMode,
    generation: earlier.generation,
    from,
    kept,
  };
}

/**
 * The edit that leaves out the copy of a return: the volume in use is the earlier one, as it was. Undefined where the
 * entry describes no return with a copy.
 */
export function returnWithoutCopy({ generation, kept, from }: ClaimEntry): EntryEdit | undefined {
  return typeof from === "number" && from > generation ? { from: noCopy(generation, kept) } : undefined;
}

/**
 * The edit that removes one kept volume. If that volume was the source, no other volume becomes the source by default.
 */
export function withoutKept(current: ClaimEntry, generation: number): EntryEdit {
  const kept = current.kept.filter((volume) => volume.generation !== generation);
  const source = current.from ?? newestBelow(current.generation, current.kept);
  const from =
    source === generation || source === "none" || typeof source === "object"
      ? noCopy(current.generation, kept)
      : current.from;
  // A first volume without kept ones gets the entry that it had before the first move.
  const first = current.generation === 1 && kept.length === 0;
  return { generation: first ? undefined : current.generation, from, kept: kept.length > 0 ? kept : undefined };
}

/** The kept volumes, and the volume in use as it is declared. */
export function keep(
  kept: readonly VolumeEntry[],
  { generation, size, backend, class: name, accessMode, node }: VolumeEntry,
): VolumeEntry[] {
  const entry = Object.entries({ generation, size, backend, class: name, accessMode, node }).filter(
    ([, value]) => value !== undefined,
  );
  return [...kept, Object.fromEntries(entry) as unknown as VolumeEntry].sort((a, b) => a.generation - b.generation);
}

/** Writes or removes the node; empty where the entry is already so. */
export const nodeEdit = ({ node: has }: Pick<VolumeEntry, "node">, node: string | undefined): EntryEdit =>
  has === node ? {} : { node };

/** The value of `from` that means no copy; undefined where there is no earlier volume to copy from. */
const noCopy = (generation: number, kept: readonly VolumeEntry[]) =>
  newestBelow(generation, kept) === undefined ? undefined : "none";

function newestBelow(generation: number, kept: readonly VolumeEntry[]): number | undefined {
  const earlier = kept.map((volume) => volume.generation).filter((other) => other < generation);
  return earlier.length > 0 ? Math.max(...earlier) : undefined;
}

/** Backend and class exclude each other: the one that is written takes the other's place. */
function placementOf({ backend, class: name }: VolumeEntry): EntryEdit {
  if (backend !== undefined) return { backend };
  return name === undefined ? { backend: undefined, class: undefined } : { class: name };
}

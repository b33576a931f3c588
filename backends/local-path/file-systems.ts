import type { PreflightFacts } from "../../model/preflight-facts";
import { type Evidence, evidence, type Paths, type Place, placesOf, volumesIn } from "./places";
import { amount } from "../../model/quantity";

/** The part of a local-path backend's config that says where its volumes are. */
export interface Located extends Paths {
  /** Whether the paths may lie on the nodes' own disks. */
  sharedDisk: boolean;
}

/** A file system of a node that volumes are kept on. */
export interface FileSystem {
  /** Names of the backends that have a place on it. */
  backends: string[];
  places: Place[];
  found: Evidence;
  /** What the volumes in these places may grow to, in bytes. */
  promised: number;
}

/** The backends' places, grouped by file system: all paths on a file system share its room, of whichever backend. */
export function fileSystems(backends: ReadonlyMap<string, Located>, facts: PreflightFacts): FileSystem[] {
  const found = new Map<string, FileSystem>();
  for (const [name, { sharedDisk, ...paths }] of backends) {
    for (const place of placesOf(paths, facts.nodes ?? [])) {
      const seen = evidence(place, facts, sharedDisk);
      if (!seen) continue;
      const key = `${place.node.name} ${seen.fileSystem}`;
      found.set(
        key,
        withPlace(found.get(key) ?? { backends: [], places: [], found: seen, promised: 0 }, name, place, facts),
      );
    }
  }
  return [...found.values()];
}

function withPlace(disk: FileSystem, backend: string, place: Place, facts: PreflightFacts): FileSystem {
  const backends = disk.backends.includes(backend) ? disk.backends : [...disk.backends, backend];
  // Two backends may use the same directory. Its volumes count once.
  if (disk.places.some(({ path }) => path === place.path)) return { ...disk, backends };
  return { ...disk, backends, places: [...disk.places, place], promised: disk.promised + promisedIn(place, facts) };
}

const promisedIn = (place: Place, facts: PreflightFacts) =>
  volumesIn(place, facts).reduce((sum, { size }) => sum + amount(size), 0);

/**
 * The room for volumes. A disk that only volumes use counts in full. Of a shared disk only the free part counts, even
 * though volumes hold some of the used part.
 */
export const room = ({ own, disk }: Evidence) => (own ? disk.capacity : disk.available);

/** The backends that have all their places on these disks, so all their volumes go there. */
export function confinedTo(
  disks: readonly FileSystem[],
  backends: ReadonlyMap<string, Located>,
  { nodes = [] }: PreflightFacts,
): string[] {
  const there = (name: string, place: Place) =>
    disks.some(
      (disk) =>
        disk.backends.includes(name) &&
        disk.places.some(({ node, path }) => node === place.node && path === place.path),
    );
  return [...backends]
    .filter(([name, paths]) => placesOf(paths, nodes).every((place) => there(name, place)))
    .map(([name]) => name);
}

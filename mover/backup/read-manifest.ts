import type { FromPoint } from "../../model/restore";
import { digestOfAll } from "../copy/compare";
import type { Entry } from "../copy/walk";
import { MoveError } from "../faults";
import type { Engines } from "./manifest";

/** The first line of a point's manifest. */
export interface About {
  format: number;
  tags: string[];
  at: string;
  volumes: { volume: string; claim?: string; generation: number }[];
  engines: Engines;
  files: number;
  bytes: number;
  sha256: string;
}

/** What a point has: everything in it by its path, and the SHA-256 of its files by their keys. */
export interface Listing {
  about: About;
  entries: Entry[];
  digests: Map<string, string>;
}

interface Line {
  path: Name;
  type: Entry["type"];
  mode: string;
  uid: number;
  gid: number;
  mtime: string;
  size?: number;
  disk?: number;
  sha256?: string;
  sameAs?: Name;
  target?: Name;
}

type Name = string | { base64: string };

/** Reads a point's manifest. Throws where it isn't whole, or of a later format. `of`: the point, for people. */
export function readManifest(text: string, of: Pick<FromPoint, "point">): Listing {
  const [first = "", ...lines] = text.split("\n").filter((line) => line !== "");
  try {
    const about = JSON.parse(first) as About;
    if (about.format !== 1)
      throw new MoveError(
        `point ${of.point} has a manifest of format ${about.format}, which a later version of this project wrote; ` +
          "restore it with that version",
      );
    const read = lines.map((line) => JSON.parse(line) as Line);
    const names = namesOf(read);
    const entries = read.map((line) => entryOf(line, names));
    const digests = new Map(read.flatMap(({ path, sha256 }) => (sha256 === undefined ? [] : [[keyOf(path), sha256]])));
    if (digestOfAll(entries, digests) === about.sha256) return { about, entries, digests };
  } catch (error) {
    if (error instanceof MoveError) throw error;
  }
  throw new MoveError(`the manifest of point ${of.point} is damaged, so nothing could be compared with it`);
}

/**
 * A volume's name in a point; undefined where the point doesn't have it. Of a StatefulSet's template the name has the
 * generation. `volume`: the name in its first generation.
 */
export const nameIn = ({ volumes }: About, volume: string): string | undefined =>
  volumes.find((each) => each.volume === volume || each.volume === `${volume}-${each.generation}`)?.volume;

/** What a point has of the volume of that name in it, with paths in the volume. */
export function volumeIn({ entries, digests }: Listing, volume: string): Omit<Listing, "about"> {
  const above = Buffer.from(`volumes/${volume}/`);
  const own = entries.filter(({ path }) => path.subarray(0, above.length).equals(above));
  const cut = (key: string) => key.slice(above.length);
  return {
    entries: own.map((entry) => ({ ...entry, path: entry.path.subarray(above.length), key: cut(entry.key) })),
    digests: new Map(
      [...digests].filter(([key]) => key.startsWith(above.toString("latin1"))).map(([key, value]) => [cut(key), value]),
    ),
  };
}

const bytesOf = (name: Name) =>
  typeof name === "string" ? Buffer.from(name, "utf8") : Buffer.from(name.base64, "base64");
const keyOf = (name: Name) => bytesOf(name).toString("latin1");

/** How many names each file has, by its first one. */
function namesOf(lines: Line[]): Map<string, number> {
  const names = new Map<string, number>();
  for (const { path, sameAs } of lines) {
    const first = keyOf(sameAs ?? path);
    names.set(first, (names.get(first) ?? 0) + 1);
  }
  return names;
}

function entryOf(line: Line, names: ReadonlyMap<string, number>): Entry {
  const { path, sameAs, type, mode, uid, gid, size = 0, disk = 0, mtime, target } = line;
  const first = keyOf(sameAs ?? path);
  return {
    path: bytesOf(path),
    key: keyOf(path),
    type,
    mode: Number.parseInt(mode, 8),
    uid,
    gid,
    size,
    disk,
    mtime: BigInt(mtime),
    inode: first,
    links: names.get(first) ?? 1,
    ...(target !== undefined && { target: bytesOf(target) }),
  };
}

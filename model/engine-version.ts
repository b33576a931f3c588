/** Which engine, in which version, writes a volume's files, and what other versions make of them. */

/** A way of an engine's versions that can't be gone in one step. */
export interface Barrier {
  /** Files from before this version … */
  below: string;
  /** … are not for this version or a later one. */
  to: string;
  /** What leads there. */
  wayOut: string;
}

/** What an engine takes of the files that another version of it wrote. */
export interface Engine {
  /** As its makers write it, such as `PostgreSQL`. */
  name: string;
  /** Last parts of the names of images whose tag begins with the engine's version, such as `postgres`. */
  images: readonly string[];
  /** How many parts of a version name a series, within which files are the same: 1 for `17`, 2 for `7.4`. */
  parts: number;
  /** Later series that read the files: every one, only the next one (with the same first part), or none. */
  up: "any" | "next" | "none";
  /** Earlier versions that read the files: those of the same series, or none. */
  down: "series" | "none";
  barriers?: readonly Barrier[];
  /** How the data gets to a version that doesn't read the files. `{exec}` stands for a `kubectl exec` in its pod. */
  dump: string;
  /** Its files depend on how the C library of the image sorts text. */
  sorts?: Sorting;
}

export interface Sorting {
  /** Makes everything anew that depends on it. */
  reindex: string;
}

/** Which program wrote a volume's files. It is the value of a mark on the claim, as JSON. */
export interface Written {
  engine: string;
  /** Absent where neither the image's tag nor the config says it. */
  version?: string;
  /** What sorts text: `alpine`, a Debian release such as `bookworm`, or `debian` for one that the tag doesn't name. */
  libc?: string;
  image: string;
}

/** The engine whose files a service's volumes hold. */
export interface EnginePlan {
  rules: Engine;
  /** What it is once the update is done. */
  planned: Written;
  /** The C library that the config accepts by name. */
  acceptLibc?: string;
}

const releases: Record<string, string> = { deb11: "bullseye", deb12: "bookworm", deb13: "trixie" };

/** The engine that an image runs. `said`: the version by the config, for an image whose tag doesn't say it. */
export function writtenBy({ name, images, sorts }: Engine, image: string, said?: string): Written {
  const { tag, base } = partsOf(image);
  const tagged = images.includes(base) ? /^v?(\d+(?:\.\d+)*)(?![\w.])/.exec(tag)?.[1] : undefined;
  const version = tagged ?? said;
  const libc = sorts ? libcOf(tag, tagged !== undefined) : undefined;
  return { engine: name, ...(version !== undefined && { version }), ...(libc && { libc }), image };
}

/** The version that the tag of an image says, where it says one. */
export const taggedVersion = (engine: Engine, image: string): string | undefined => writtenBy(engine, image).version;

/** A small program that answers in a service's place. Its files are nothing to the service, and the other way round. */
export const writtenByStandIn = ({ name }: Engine, image: string): Written => ({
  engine: `a stand-in for ${name}`,
  image,
});

/** What a mark says; undefined where there is none, or one that can't be read. */
export function readWritten(mark: string | undefined): Written | undefined {
  try {
    const { engine, version, libc, image } = JSON.parse(mark ?? "") as Partial<Record<keyof Written, unknown>>;
    if (typeof engine !== "string" || typeof image !== "string") return undefined;
    return {
      engine,
      ...(typeof version === "string" && { version }),
      ...(typeof libc === "string" && { libc }),
      image,
    };
  } catch {
    return undefined;
  }
}

/** The last part of an image's name, without its tag: `redis` of `registry.local/mirror/redis:7.4`. */
export const imageName = (image: string): string => partsOf(image).base;

function partsOf(image: string): { base: string; tag: string } {
  const [ref = ""] = image.split("@");
  const last = ref.split("/").at(-1) ?? "";
  const [base = "", tag = ""] = last.split(":");
  return { base, tag };
}

/** An image without a suffix has Debian, of whichever release was current when it was made. */
function libcOf(tag: string, tagged: boolean): string | undefined {
  if (/alpine/.test(tag)) return "alpine";
  const [named] = /bullseye|bookworm|trixie|buster|stretch|forky/.exec(tag) ?? [];
  const [numbered] = /deb\d+/.exec(tag) ?? [];
  return named ?? (numbered && releases[numbered]) ?? (tagged ? "debian" : undefined);
}

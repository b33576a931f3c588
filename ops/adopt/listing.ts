/** A volume's files as the pod lists them that looks at it: names, owners and sizes, down to a few levels. */
export interface Entry {
  /** Path in the volume; "" for its root. */
  path: string;
  directory: boolean;
  uid: number;
  gid: number;
  /** Permission bits. */
  mode: number;
  /** In bytes. */
  size: number;
}

export interface Listing {
  entries: Entry[];
  /** The first line of each PG_VERSION, by directory. */
  versions: Record<string, string>;
  /** Directories that the pod's user may not read. */
  closed: string[];
}

/** Where the pod has the volume. */
export const lookPath = "/look";

/**
 * Prints a listing, and reads nothing but names and PG_VERSION. It needs a shell and `stat`, no more. A directory with
 * a database is not gone into, and none is printed beyond 200 names.
 */
export const lookScript = `cd ${lookPath} || exit 1
look() {
  [ -r "\${1:-.}" ] && [ -x "\${1:-.}" ] || { echo "closed $1"; return; }
  if [ -f "$1PG_VERSION" ]; then
    stat -c 'entry %f %u %g %s %n' "$1PG_VERSION"
    read -r line <"$1PG_VERSION" && echo "version $line $1"
    return
  fi
  n=0
  for f in "$1"* "$1".[!.]*; do
    { [ -e "$f" ] || [ -L "$f" ]; } || continue
    n=$((n + 1)); [ $n -le 200 ] || break
    stat -c 'entry %f %u %g %s %n' "$f"
    [ ! -d "$f" ] || [ -L "$f" ] || [ $2 -eq 0 ] || (look "$f/" $(($2 - 1)))
  done
}
stat -c 'entry %f %u %g %s .' .
look "" 2
echo end`;

/** What the pod printed; undefined where it was cut short. */
export function parseListing(printed: string): Listing | undefined {
  const lines = printed.split("\n").map((line) => line.trimEnd());
  if (!lines.includes("end")) return undefined;
  const matches = (pattern: RegExp) => lines.flatMap((line) => pattern.exec(line)?.slice(1) ?? []);
  const entries = lines.flatMap((line): Entry[] => {
    const [, mode = "", uid, gid, size, path = ""] = /^entry ([0-9a-f]+) (\d+) (\d+) (\d+) (.+)$/.exec(line) ?? [];
    const bits = Number.parseInt(mode, 16);
    if (path === "") return [];
    return [
      {
        path: path === "." ? "" : path,
        directory: (bits & 0xf000) === 0x4000,
        uid: Number(uid),
        gid: Number(gid),
        mode: bits & 0o7777,
        size: Number(size),
      },
    ];
  });
  const versions = lines.flatMap((line): [string, string][] => {
    const [, version = "", directory = ""] = /^version (\S+) ?(.*)$/.exec(line) ?? [];
    return version === "" ? [] : [[withoutSlash(directory), version]];
  });
  return { entries, versions: Object.fromEntries(versions), closed: matches(/^closed ?(.*)$/).map(withoutSlash) };
}

const withoutSlash = (path: string) => path.replace(/\/$/, "");

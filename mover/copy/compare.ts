import { createHash } from "node:crypto";
import { show } from "../faults";
import type { Entry } from "./walk";

const octal = (mode: number) => mode.toString(8).padStart(4, "0");

/**
 * Whether the copy of an entry may belong to `user` instead. The kubelet makes the directories that a mount's subPath
 * names, owned by root and the service's group. No pod can make such a directory, so its copy belongs to the service's
 * user, who has the same access there.
 */
export const passesOn = ({ type, uid }: Pick<Entry, "type" | "uid">, user: number | undefined) =>
  type === "directory" && uid === 0 && user === process.getuid?.();

/** How a copy differs from its source, for people; undefined where they are the same. */
export function difference(source: Entry, copy: Entry): string | undefined {
  if (source.type !== copy.type) return `is a ${copy.type} instead of a ${source.type}`;
  if (source.size !== copy.size) return `has ${copy.size} bytes instead of ${source.size}`;
  if ((source.uid !== copy.uid && !passesOn(source, copy.uid)) || source.gid !== copy.gid)
    return `belongs to ${copy.uid}:${copy.gid} instead of ${source.uid}:${source.gid}`;
  if (source.mode !== copy.mode) return `has mode ${octal(copy.mode)} instead of ${octal(source.mode)}`;
  if (source.mtime !== copy.mtime) return "has another modification time";
  const target = copy.target ?? Buffer.alloc(0);
  if (source.target && !source.target.equals(target))
    return `points at ${show(target)} instead of ${show(source.target)}`;
  return undefined;
}

/** Every difference between the trees, except the files' content. */
export function compareTrees(source: Entry[], target: Entry[]): string[] {
  const found = byKey(target);
  const faults = source.flatMap((entry) => {
    const copy = found.get(entry.key);
    const fault = copy ? difference(entry, copy) : "is missing";
    return fault ? [`${show(entry.path)} ${fault}`] : [];
  });
  const wanted = byKey(source);
  const surplus = target.filter(({ key }) => !wanted.has(key)).map(({ path }) => `${show(path)} is not in the source`);
  return [...faults, ...surplus, ...compareLinks(source, target)];
}

/** Hard links to one file in the source have to be hard links to one file in the copy too. */
function compareLinks(source: Entry[], target: Entry[]): string[] {
  const [first, copied] = [firstNames(source), firstNames(target)];
  return source
    .filter(({ key }) => copied.has(key) && first.get(key) !== copied.get(key))
    .map(({ path }) => `${show(path)} is a hard link of another file than in the source`);
}

/** For each entry but directories, one name that all names of its file share. */
function firstNames(entries: Entry[]): Map<string, string | undefined> {
  const smallest = new Map<string, string>();
  const files = entries.filter(({ type }) => type !== "directory");
  for (const { inode, key } of files) {
    const name = smallest.get(inode);
    if (name === undefined || key < name) smallest.set(inode, key);
  }
  return new Map(files.map(({ inode, key }) => [key, smallest.get(inode)]));
}

/** The files whose content differs. */
export function compareContent(
  source: Entry[],
  sourceDigests: Map<string, string>,
  targetDigests: Map<string, string>,
): Entry[] {
  return source.filter(({ key }) => sourceDigests.has(key) && sourceDigests.get(key) !== targetDigests.get(key));
}

/** One digest over all paths and contents. */
export function digestOfAll(entries: Entry[], digests: Map<string, string>): string {
  const hash = createHash("sha256");
  for (const { path, key } of entries.toSorted((a, b) => Buffer.compare(a.path, b.path))) {
    const digest = digests.get(key);
    if (digest !== undefined) hash.update(path).update("\0").update(digest);
  }
  return hash.digest("hex");
}

const byKey = (entries: Entry[]) => new Map(entries.map((entry) => [entry.key, entry]));

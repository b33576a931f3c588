// @ts-check
import { createHash } from "node:crypto";
import { show } from "./faults.mjs";

/** @import { Entry } from "./walk.mjs" */

const octal = (/** @type {number} */ mode) => mode.toString(8).padStart(4, "0");

/**
 * Directories that a mount's subPath names are made by the kubelet, as root and for the service's group. No pod can
 * make
 * one like it: its copy belongs to the service's user, who may do the same there.
 * @param {Pick<Entry, "type" | "uid">} entry @param {number | undefined} user
 */
export const passesOn = ({ type, uid }, user) => type === "directory" && uid === 0 && user === process.getuid?.();

/**
 * What of two entries differs, in a person's words; undefined where they are the same. @param {Entry} source @param
 * {Entry} target
 */
export function difference(source, target) {
  if (source.type !== target.type) return `is a ${target.type} instead of a ${source.type}`;
  if (source.size !== target.size) return `has ${target.size} bytes instead of ${source.size}`;
  if ((source.uid !== target.uid && !passesOn(source, target.uid)) || source.gid !== target.gid)
    return `belongs to ${target.uid}:${target.gid} instead of ${source.uid}:${source.gid}`;
  if (source.mode !== target.mode) return `has mode ${octal(target.mode)} instead of ${octal(source.mode)}`;
  if (source.mtime !== target.mtime) return "has another time of change";
  if (source.target && !source.target.equals(target.target ?? Buffer.alloc(0)))
    return `points at ${show(target.target ?? Buffer.alloc(0))} instead of ${show(source.target)}`;
  return undefined;
}

/** Every difference between the trees but for the files' content. @param {Entry[]} source @param {Entry[]} target */
export function compareTrees(source, target) {
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

/** Names of one file have to be names of one file in the copy too. @param {Entry[]} source @param {Entry[]} target */
function compareLinks(source, target) {
  const [first, copied] = [firstNames(source), firstNames(target)];
  return source
    .filter(({ key }) => copied.has(key) && first.get(key) !== copied.get(key))
    .map(({ path }) => `${show(path)} is another file than the one it is a hard link of`);
}

/**
 * For each entry with hard links or without, one name that all names of its file share.
 * @param {Entry[]} entries
 */
function firstNames(entries) {
  /** @type {Map<string, string>} */
  const smallest = new Map();
  const files = entries.filter(({ type }) => type !== "directory");
  for (const { inode, key } of files) {
    const name = smallest.get(inode);
    if (name === undefined || key < name) smallest.set(inode, key);
  }
  return new Map(files.map(({ inode, key }) => [key, smallest.get(inode)]));
}

/**
 * Files whose content differs. @param {Entry[]} source @param {Map<string, string>} sourceDigests @param {Map<string,
 * string>} targetDigests
 */
export function compareContent(source, sourceDigests, targetDigests) {
  return source.filter(({ key }) => sourceDigests.has(key) && sourceDigests.get(key) !== targetDigests.get(key));
}

/** One digest over all paths and contents. @param {Entry[]} entries @param {Map<string, string>} digests */
export function digestOfAll(entries, digests) {
  const hash = createHash("sha256");
  const files = entries.filter(({ key }) => digests.has(key)).sort((a, b) => Buffer.compare(a.path, b.path));
  for (const { path, key } of files)
    hash
      .update(path)
      .update("\0")
      .update(/** @type {string} */ (digests.get(key)));
  return hash.digest("hex");
}

/** @param {Entry[]} entries */
const byKey = (entries) => new Map(entries.map((entry) => [entry.key, entry]));

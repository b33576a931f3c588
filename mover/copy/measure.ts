import { accessSync, constants, statfsSync } from "node:fs";
import type { CopyTask, Measured } from "../../model/mover";
import { codeOf, firstOf, MoveError, show } from "../faults";
import { formatBytes, parseQuantity } from "../../model/quantity";
import { counted } from "../sizes";
import { passesOn } from "./compare";
import { isMarked, readMarker } from "./marker";
import { below, directoriesOf, distinct, walk, type Entry } from "./walk";

/** Reads the source's tree. Throws where this user can't copy all of it as it is. */
export function readSource({ source, sourceName }: Pick<CopyTask, "source" | "sourceName">): Entry[] {
  if (isMarked(source)) {
    throw new MoveError(
      `${sourceName} is itself the target of a copy that was never finished, so it is incomplete and was not copied`,
    );
  }
  const faults: string[] = [];
  const entries = walk(source, (path, code) => faults.push(`${show(path)} (${code})`));
  const user = process.getuid?.() ?? 0;
  for (const entry of entries) faults.push(...faultOf(source, entry, user));
  if (faults.length > 0) throw new MoveError(`uid ${user} can't copy everything of ${sourceName}: ${firstOf(faults)}`);
  return entries;
}

function faultOf(source: string, { path, type, uid, gid }: Entry, user: number): string[] {
  if (type === "device") return [`${show(path)} is a device, which no pod may make`];
  if (user === 0) return [];
  if (type === "file" && !readable(below(source, path)))
    return [`${show(path)} can't be read, because it belongs to ${uid}:${gid}`];
  const groups = [process.getgid?.(), ...(process.getgroups?.() ?? [])];
  const own = (uid === user || passesOn({ type, uid }, user)) && groups.includes(gid);
  return own ? [] : [`${show(path)} belongs to ${uid}:${gid}, which this user can't make the owner of the copy`];
}

function readable(path: Buffer): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch (error) {
    return codeOf(error) === "ENOENT";
  }
}

/** Reads what the target holds. Throws where the content doesn't belong to this copy. */
export function readTarget(task: Omit<CopyTask, "source">): Entry[] {
  const { target, targetName, sourceName, sourceId, replace, resume, onlyEmpty, wayOut } = task;
  const entries = walk(target, (path, code) => {
    throw new MoveError(`${targetName} can't be read: ${show(path)} (${code}); nothing was changed`);
  });
  const marker = readMarker(target);
  if (marker !== undefined && marker !== sourceId && !replace) {
    throw new MoveError(
      `${targetName} holds an unfinished copy of another volume than ${sourceName}; nothing was changed`,
    );
  }
  if (entries.length > 0 && marker === undefined && !resume && !replace && !onlyEmpty) {
    throw new MoveError(
      `${targetName} is not empty (it has ${firstOf(topLevel(entries))}) and holds no unfinished copy ` +
        `of ${sourceName}; nothing was changed${wayOut ? `. ${wayOut}` : ""}`,
    );
  }
  return entries;
}

const topLevel = (entries: Entry[]) => entries.filter(({ path }) => !path.includes("/")).map(({ path }) => show(path));

function inUse(entries: Entry[]): { bytes: number; inodes: number } {
  const inodes = distinct(entries);
  return { bytes: inodes.reduce((sum, { disk }) => sum + disk, 0), inodes: inodes.length };
}

/** Measures the source, and the room that the target's file system has for it. */
export function measureTrees(target: string, source: Entry[], present: Entry[]): Measured {
  const { bsize, bavail, files, ffree } = statfsSync(target);
  const [used, back] = [inUse(source), inUse(present)];
  return {
    files: distinct(source).filter(({ type }) => type === "file").length,
    directories: directoriesOf(source).length,
    ...used,
    free: bavail * bsize + back.bytes,
    freeInodes: files > 0 ? ffree + back.inodes : 0,
  };
}

/** Factor for the room: blocks and directories may take more on another file system. */
const spare = 1.02;

/** Throws where the target is too small. */
export function checkRoom(
  { bytes, inodes, files, free, freeInodes }: Measured,
  { sourceName, targetName, size }: CopyTask,
): void {
  const need = Math.ceil(bytes * spare);
  const uses = `${sourceName} uses ${formatBytes(bytes)} in ${counted(files, "file")}`;
  const asked = size === undefined ? undefined : parseQuantity(size);
  if (asked !== undefined && need > asked)
    throw new MoveError(`${uses}, and ${targetName} is ${size}: it needs at least ${formatBytes(need)}`);
  if (need > free)
    throw new MoveError(
      `${uses}, and the file system of ${targetName} has ${formatBytes(free)} free: it needs at ` +
        `least ${formatBytes(need)}`,
    );
  if (freeInodes > 0 && Math.ceil(inodes * spare) > freeInodes) {
    throw new MoveError(
      `${sourceName} has ${counted(inodes, "file")} and directories, and the file system of ${targetName} can ` +
        `only take ${freeInodes.toLocaleString("en")}`,
    );
  }
}

// @ts-check
import { accessSync, constants, statfsSync } from "node:fs";
import { passesOn } from "./compare.mjs";
import { firstOf, MoveError, show } from "./faults.mjs";
import { isMarked, readMarker } from "./marker.mjs";
import { bytesOf, counted, formatBytes } from "./sizes.mjs";
import { below, distinct, walk } from "./walk.mjs";

/** @import { Entry } from "./walk.mjs" */
/** @import { Remote } from "./remote-requests.mjs" */
/** @import { Measured } from "../model/mover.js" */

/**
 * What a copy is told.
 * @typedef {{
 *   source: string, target: string, sourceName: string, targetName: string, sourceId: string, size?: string, replace:
 * boolean, resume: boolean,
 *   onlyEmpty?: boolean, remote?: Remote
 * }} CopyTask
 * source: where it is mounted, unless it is `remote`. sourceId: the source claim's uid. size: what the target claim
 * asks for. replace: what the target holds is superseded.
 * onlyEmpty: a target that holds something is left as it is, unless that is an unfinished copy.
 * resume: what the target holds is known to be a copy of this source that was never in use.
 */

/**
 * Reads the source's tree. Throws where this user can't copy all of it as it is. @param {Pick<CopyTask, "source" |
 * "sourceName">} task
 */
export function readSource({ source, sourceName }) {
  if (isMarked(source)) {
    throw new MoveError(
      `${sourceName} is itself the target of a copy that was never finished, so it is not whole and was not copied`,
    );
  }
  /** @type {string[]} */
  const faults = [];
  const entries = walk(source, (path, error) => faults.push(`${show(path)} (${error.code})`));
  const user = process.getuid?.() ?? 0;
  for (const entry of entries) faults.push(...faultOf(source, entry, user));
  if (faults.length > 0) throw new MoveError(`uid ${user} can't copy everything of ${sourceName}: ${firstOf(faults)}`);
  return entries;
}

/** @param {string} source @param {Entry} entry @param {number} user */
function faultOf(source, { path, type, uid, gid }, user) {
  if (type === "device") return [`${show(path)} is a device, which no pod may make`];
  if (user === 0) return [];
  if (type === "file" && !readable(below(source, path)))
    return [`${show(path)} can't be read, it belongs to ${uid}:${gid}`];
  const own =
    (uid === user || passesOn({ type, uid }, user)) &&
    [process.getgid?.(), ...(process.getgroups?.() ?? [])].includes(gid);
  return own ? [] : [`${show(path)} belongs to ${uid}:${gid}, which its copy can't be given`];
}

/** @param {Buffer} path */
function readable(path) {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT";
  }
}

/** Throws where the target holds something that isn't this copy's. Returns what it holds. @param {CopyTask} task */
export function readTarget({ target, targetName, sourceName, sourceId, replace, resume, onlyEmpty }) {
  const entries = walk(target, (path, error) => {
    throw new MoveError(`${targetName} can't be read: ${show(path)} (${error.code}); nothing was changed`);
  });
  const marker = readMarker(target);
  if (marker !== undefined && marker !== sourceId && !replace) {
    throw new MoveError(
      `${targetName} holds an unfinished copy of another volume than ${sourceName}; nothing was changed`,
    );
  }
  if (entries.length > 0 && marker === undefined && !resume && !replace && !onlyEmpty) {
    throw new MoveError(
      `${targetName} is not empty (it has ${firstOf(topLevel(entries))}) and is no unfinished copy ` +
        `of ${sourceName}; nothing was changed`,
    );
  }
  return entries;
}

/** @param {Entry[]} entries */
const topLevel = (entries) => entries.filter(({ path }) => !path.includes("/")).map(({ path }) => show(path));

/** @param {Entry[]} entries @returns {{ bytes: number, inodes: number }} */
function inUse(entries) {
  const inodes = distinct(entries);
  return { bytes: inodes.reduce((sum, { disk }) => sum + disk, 0), inodes: inodes.length };
}

/** @param {string} target @param {Entry[]} source @param {Entry[]} present @returns {Measured} */
export function measureTrees(target, source, present) {
  const { bsize, bavail, files, ffree } = statfsSync(target);
  const [used, back] = [inUse(source), inUse(present)];
  const inodes = distinct(source);
  return {
    files: inodes.filter(({ type }) => type === "file").length,
    directories: inodes.filter(({ type }) => type === "directory").length,
    ...used,
    free: bavail * bsize + back.bytes,
    freeInodes: files > 0 ? ffree + back.inodes : 0,
  };
}

/** For what another file system's blocks and directories take more. */
const spare = 1.02;

/** Throws where the target is too small. @param {Measured} measured @param {CopyTask} task */
export function checkRoom({ bytes, inodes, files, free, freeInodes }, { sourceName, targetName, size }) {
  const need = Math.ceil(bytes * spare);
  const uses = `${sourceName} uses ${formatBytes(bytes)} in ${counted(files, "file")}`;
  const asked = size === undefined ? undefined : bytesOf(size);
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

// @ts-check
import { MountedSource } from "./mounted-source.mjs";
import { RemoteSource } from "./remote-source.mjs";

/** @import { CopyTask } from "./measure.mjs" */
/** @import { Hashers } from "./hashing.mjs" */
/** @import { Entry } from "./walk.mjs" */

/**
 * Where a copy comes from, mounted or not.
 * @typedef {{
 *   program: string,
 *   read: () => Promise<Entry[]>,
 *   digest: (entries: Entry[], hashers: Hashers) => Promise<Map<string, string>>,
 *   fill: (entries: Entry[], kept: Set<string>, onBytes: (bytes: number) => void) => Promise<string>,
 *   finish: () => Promise<void>,
 *   close: () => void
 * }} Source
 * program: what fills the target. read: the tree; throws where this user can't copy all of it as it is. digest: of
 * every
 * file, by its path's key. fill: brings all but what is `kept` to the target, and returns what went wrong without
 * judging
 * it: everything is compared afterwards. finish: gives the target's root what the source's has.
 */

/** @param {CopyTask} task @returns {Source} */
export function sourceOf(task) {
  return task.remote ? new RemoteSource(task, task.remote) : new MountedSource(task);
}

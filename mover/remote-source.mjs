// @ts-check
import { chmodSync, lchownSync } from "node:fs";
import { run } from "./cp.mjs";
import { fromLine, namesOf, valuesOf } from "./entry-lines.mjs";
import { firstOf, MoveError, show } from "./faults.mjs";
import { dateOf, isNode, makeNodes } from "./nodes.mjs";
import { RemoteRequests } from "./remote-requests.mjs";
import { restore } from "./tar.mjs";
import { distinct } from "./walk.mjs";

/** @import { CopyTask } from "./measure.mjs" */
/** @import { Remote } from "./remote-requests.mjs" */
/** @import { Source } from "./source.mjs" */
/** @import { Entry } from "./walk.mjs" */

/** A source that a pod on another node serves. @implements {Source} */
export class RemoteSource {
  program = "tar";
  /** @type {{ mode: number, uid: number, gid: number, mtime: bigint } | undefined} */
  #root;

  /** @param {CopyTask} task @param {Remote} remote */
  constructor(task, remote) {
    this.task = task;
    this.requests = new RemoteRequests(remote, task.sourceName, process.env.KEY);
  }

  async read() {
    /** @type {Entry[]} */
    const entries = [];
    for await (const line of valuesOf(this.requests.ask("/entries"))) {
      if (this.#root) entries.push(fromLine(line));
      else this.#root = { mode: line[0], uid: line[1], gid: line[2], mtime: BigInt(line[3]) };
    }
    return entries;
  }

  /** @type {Source["digest"]} */
  async digest(entries) {
    /** @type {Map<string, string>} */
    const digests = new Map();
    for await (const [key, digest] of valuesOf(this.requests.ask("/digests"))) digests.set(key, digest);
    const without = distinct(entries.filter(({ type }) => type === "file")).filter(({ key }) => !digests.has(key));
    if (without.length > 0)
      throw new MoveError(
        `${this.task.sourceName} changed while it was ` +
          `copied: ${firstOf(without.map(({ path }) => show(path)))} is gone`,
        { transient: true },
      );
    return digests;
  }

  /** All directories come, for those that are there already may have another mode or time. @type {Source["fill"]} */
  async fill(entries, kept, onBytes) {
    const missing = entries.filter(({ key, type }) => type === "directory" || !kept.has(key));
    const complaints = await makeNodes(this.task.target, missing.filter(isNode));
    const others = missing.filter((entry) => !isNode(entry));
    const tar = this.requests.ask(
      "/files",
      () => namesOf(others),
      ({ complaint }) => complaints.push(complaint ?? ""),
    );
    complaints.push(await restore(counted(tar, onBytes), this.task.target));
    return complaints.filter(Boolean).join("\n");
  }

  /** As far as the root is ours to change. */
  async finish() {
    const { target } = this.task;
    if (!this.#root) return;
    const { mode, uid, gid, mtime } = this.#root;
    for (const change of [() => lchownSync(target, uid, gid), () => chmodSync(target, mode & 0o7777)]) attempt(change);
    await run("touch", ["--no-create", `--date=${dateOf(mtime)}`, target]);
  }

  close() {
    this.requests.close();
  }
}

/** @param {() => void} change */
function attempt(change) {
  try {
    change();
  } catch {
    // A volume's root is often its maker's, and no data.
  }
}

/** @param {AsyncIterable<Buffer>} stream @param {(bytes: number) => void} onBytes */
async function* counted(stream, onBytes) {
  let bytes = 0;
  for await (const chunk of stream) {
    onBytes((bytes += chunk.length));
    yield chunk;
  }
}

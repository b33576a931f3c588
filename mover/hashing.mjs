// @ts-check
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { MoveError } from "./faults.mjs";
import { below, distinct } from "./walk.mjs";

/** @import { Entry } from "./walk.mjs" */
/** @typedef {{ root: string, entries: Entry[], digests: Map<string, string>, onBytes: (bytes: number) => void, settle: (error?: Error) => void }} Job */

/** Enough work that passing it on costs nothing beside it. */
const batchBytes = 16 * 1024 * 1024;
const batchFiles = 128;

/** Threads that read files and say their SHA-256, in the order they were asked. */
export class Hashers {
  /** @type {Job[]} */
  #waiting = [];
  #idle;
  #workers;

  /** @param {number} [threads] */
  constructor(threads = Math.min(4, availableParallelism())) {
    this.#workers = Array.from({ length: threads }, () => new Worker(new URL("./hash-worker.mjs", import.meta.url)));
    this.#idle = [...this.#workers];
  }

  /**
   * The digest of every regular file's content, by the path's key; a hard link's under its first name.
   * @param {string} root @param {Entry[]} entries @param {(bytes: number) => void} onBytes
   */
  async digest(root, entries, onBytes) {
    /** @type {Map<string, string>} */
    const digests = new Map();
    const files = distinct(entries.filter(({ type }) => type === "file"));
    await Promise.all(batches(files).map((batch) => this.#run({ root, entries: batch, digests, onBytes })));
    return digests;
  }

  async close() {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  /** @param {Omit<Job, "settle">} job @returns {Promise<void>} */
  #run(job) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...job, settle: (error) => (error ? reject(error) : resolve()) });
      this.#next();
    });
  }

  #next() {
    const worker = this.#idle.pop();
    const job = worker && this.#waiting.shift();
    if (worker && job) this.#work(worker, job);
    else if (worker) this.#idle.push(worker);
  }

  /** @param {Worker} worker @param {Job} job */
  #work(worker, { root, entries, digests, onBytes, settle }) {
    const finish = (/** @type {Error | undefined} */ error) => {
      worker.removeAllListeners("message").removeAllListeners("error");
      this.#idle.push(worker);
      settle(error);
      this.#next();
    };
    worker.on("error", finish);
    worker.on("message", (/** @type {{ bytes?: number, digests?: string[], error?: string }} */ answer) => {
      if (answer.bytes !== undefined) return onBytes(answer.bytes);
      answer.digests?.forEach((digest, i) => digests.set(/** @type {Entry} */ (entries[i]).key, digest));
      finish(
        answer.error === undefined
          ? undefined
          : new MoveError(`a file can't be read: ${answer.error}`, { transient: true }),
      );
    });
    worker.postMessage(entries.map(({ path }) => below(root, path)));
  }
}

/** @param {Entry[]} files */
function batches(files) {
  /** @type {Entry[][]} */
  const all = [];
  let bytes = batchBytes;
  for (const file of files) {
    const last = all.at(-1);
    if (!last || bytes + file.size > batchBytes || last.length >= batchFiles) {
      all.push([file]);
      bytes = file.size;
    } else {
      last.push(file);
      bytes += file.size;
    }
  }
  return all;
}

import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { MoveError } from "../faults";
import type { Answer } from "./hash-worker";
import { below, filesOf, type Entry } from "./walk";

interface Batch {
  root: string;
  entries: Entry[];
  digests: Map<string, string>;
  onBytes: (bytes: number) => void;
  settle: (error?: Error) => void;
}

/** Bytes in one batch: enough work that the cost of handing it to a thread doesn't matter. */
const batchBytes = 16 * 1024 * 1024;
const batchFiles = 128;

/** Threads that read files and compute their SHA-256. */
export class Hashers {
  readonly #waiting: Batch[] = [];
  readonly #idle: Worker[];
  readonly #workers: Worker[];

  constructor(threads = Math.min(4, availableParallelism())) {
    this.#workers = Array.from({ length: threads }, () => new Worker(require.resolve("./hash-worker")));
    this.#idle = [...this.#workers];
  }

  /**
   * The digest of every regular file's content, by the path's key. A file with hard links is under its first name only.
   */
  async digest(root: string, entries: Entry[], onBytes: (bytes: number) => void): Promise<Map<string, string>> {
    const digests = new Map<string, string>();
    const { files } = filesOf(entries);
    await Promise.all(batches(files).map((batch) => this.#run({ root, entries: batch, digests, onBytes })));
    return digests;
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #run(batch: Omit<Batch, "settle">): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...batch, settle: (error) => (error ? reject(error) : resolve()) });
      this.#next();
    });
  }

  #next(): void {
    const worker = this.#idle.pop();
    const batch = worker && this.#waiting.shift();
    if (worker && batch) this.#work(worker, batch);
    else if (worker) this.#idle.push(worker);
  }

  #work(worker: Worker, { root, entries, digests, onBytes, settle }: Batch): void {
    const finish = (error?: Error) => {
      worker.removeAllListeners("message").removeAllListeners("error");
      this.#idle.push(worker);
      settle(error);
      this.#next();
    };
    worker.on("error", finish);
    worker.on("message", (answer: Answer) => {
      if ("bytes" in answer) return onBytes(answer.bytes);
      if ("error" in answer) return finish(new MoveError(`a file can't be read: ${answer.error}`, { transient: true }));
      for (const [i, { key }] of entries.entries()) digests.set(key, answer.digests[i] ?? "");
      return finish();
    });
    worker.postMessage(entries.map(({ path }) => below(root, path)));
  }
}

function batches(files: Entry[]): Entry[][] {
  const all: Entry[][] = [];
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

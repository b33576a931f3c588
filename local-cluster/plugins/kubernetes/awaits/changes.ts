import { setTimeout as sleep } from "node:timers/promises";
import type { JsonObject } from "../../protocol/values";
import type { Cluster } from "../cluster";

/** Several changes within this time, in milliseconds, are looked at together. */
const together = 100;

/**
 * Wakes who waits for an object as soon as it changes. Only a hint: a watch can break off, and what counts may be
 * elsewhere.
 */
export class Changes {
  #changed = false;
  #wake = () => undefined as void;
  #end: () => void = () => undefined;
  #closed = false;

  constructor(cluster: Pick<Cluster, "watch">, object: JsonObject) {
    cluster
      .watch(object, () => this.#tell())
      .then(
        (end) => (this.#closed ? end() : (this.#end = end)),
        () => undefined,
      );
  }

  /** Returns when the object has changed since the last time, and after `milliseconds` at the latest. */
  async wait(milliseconds: number): Promise<void> {
    const patience = new AbortController();
    this.#wake = () => patience.abort();
    if (!this.#changed) await sleep(milliseconds, undefined, { signal: patience.signal }).catch(() => undefined);
    if (this.#changed) await sleep(Math.min(together, milliseconds));
    this.#changed = false;
  }

  close(): void {
    this.#closed = true;
    this.#end();
  }

  #tell(): void {
    this.#changed = true;
    this.#wake();
  }
}

import { setTimeout as sleep } from "node:timers/promises";
import type { JsonObject } from "../../protocol/values";
import type { Cluster } from "../cluster";

/** Changes within this time, in milliseconds, are handled together. */
const together = 100;

/**
 * Wakes the waiting code as soon as the object changes. This is only a hint: a watch can break off, and the deciding
 * change may happen in another object.
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

  /** Returns when the object has changed since the last call, and whether it has; after `milliseconds` at the most. */
  async wait(milliseconds: number): Promise<boolean> {
    const patience = new AbortController();
    this.#wake = () => patience.abort();
    if (!this.#changed) await sleep(milliseconds, undefined, { signal: patience.signal }).catch(() => undefined);
    const changed = this.#changed;
    if (changed) await sleep(Math.min(together, milliseconds));
    this.#changed = false;
    return changed;
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

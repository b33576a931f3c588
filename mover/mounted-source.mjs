// @ts-check
import { copyTree, run } from "./cp.mjs";
import { readSource } from "./measure.mjs";

/** @import { CopyTask } from "./measure.mjs" */
/** @import { Source } from "./source.mjs" */

/** A source that is mounted beside the target: GNU cp reads it. @implements {Source} */
export class MountedSource {
  program = "cp";

  /** @param {CopyTask} task */
  constructor(task) {
    this.task = task;
  }

  async read() {
    return readSource(this.task);
  }

  /** @type {Source["digest"]} */
  digest = (entries, hashers) => hashers.digest(this.task.source, entries, () => undefined);

  /** @type {Source["fill"]} */
  fill = (_, kept, onBytes) => copyTree(this.task.source, this.task.target, { keep: kept.size > 0, onBytes });

  /** The marker's coming and going changed the root's time; where the root isn't ours, that stays so. */
  async finish() {
    await run("touch", ["--no-create", "--reference", this.task.source, this.task.target]);
  }

  close() {}
}

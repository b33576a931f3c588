import { lstatSync } from "node:fs";
import type { CopyTask } from "../../model/mover";
import { copyTree, run } from "./cp";
import type { Hashers } from "./hashing";
import { readSource } from "./measure";
import type { Source } from "./source";
import type { Entry } from "./walk";

/** A source that is mounted beside the target: GNU cp reads it. */
export class MountedSource implements Source {
  readonly program = "cp";

  constructor(readonly task: CopyTask) {}

  async read(): Promise<Entry[]> {
    return readSource(this.task);
  }

  changed(): bigint {
    return lstatSync(this.task.source, { bigint: true }).mtimeNs;
  }

  digest(entries: Entry[], hashers: Hashers): Promise<Map<string, string>> {
    return hashers.digest(this.task.source, entries, () => undefined);
  }

  fill(_: Entry[], kept: Set<string>, onBytes: (bytes: number) => void): Promise<string> {
    return copyTree(this.task.source, this.task.target, { keep: kept.size > 0, onBytes });
  }

  /**
   * Restores the root's time, which changed when the marker was made and removed. Where the root belongs to another
   * user, the time stays changed.
   */
  async finish(): Promise<void> {
    await run("touch", ["--no-create", "--reference", this.task.source, this.task.target]);
  }

  close(): void {}
}

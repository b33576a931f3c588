import type { Engine } from "../protocol/engine";
import type { Cluster } from "./cluster";
import type { Settings } from "./settings";

/** The data that every operation works with. */
export interface Context {
  cluster: Cluster;
  settings: Settings;
  engine: Engine;
  /** Aborted when the user cancels the update. */
  cancelled: AbortSignal;
  warnOnce(text: string): void;
}

/** How a service's data leaves its running pod. Types only. */

/** Runs in the service's container. */
export interface Exec {
  exec: string[];
}

/** Prints a tar on standard output. */
export interface Stream extends Exec {
  /** The directory of the volume that it fills; the volume's root when absent. */
  into?: string;
}

/** How the data of a running service leaves it consistently, for a pod whose emptyDir dies with it. */
export interface ExportRecipe {
  /** Container that everything runs in. */
  container: string;
  /**
   * Makes the data stand still, with all that was acknowledged in it. Repeated every minute until the pod is gone; by
   * itself it must not outlive ten minutes, so that a service isn't held for good by somebody who is no more.
   * Prints `not held: WHY` where it can do nothing, and `later: WHY` where the service can't stand still for so long.
   */
  begin: Exec[];
  /** Instead of `begin` where that said `later`: once all is streamed, for the last look at `mark`. */
  last?: Exec[];
  streams: Stream[];
  /** Prints what must be the same before the first stream and after the last, such as how much was ever written. */
  mark?: Exec;
  /**
   * `again`: a second stream has to be like the first. `backup-manifest`: the streamed manifest of a PostgreSQL base
   * backup.
   */
  verify: "again" | "backup-manifest";
  /** In the volume, after it was checked: what `begin` had to change gets back to what it was. */
  rename?: { from: string; to: string }[];
  /** Undoes `begin`; harmless where there is nothing to undo. */
  end: Exec[];
  /** Ends what `begin` keeps from ending by itself, once the pod is on its way out. */
  kill?: Exec;
}

/** How a service's data leaves its running pod. Types only. */

/** Runs in the service's container. */
export interface Exec {
  exec: string[];
}

/** Prints a tar on standard output. */
export interface Stream extends Exec {
  /** The directory of the volume that it fills; the volume's root when absent. */
  into?: string;
  /**
   * Prints a line for each file that the stream may have: its blocks of 512 bytes on the disk, its size in bytes, and
   * its path as `./…`. Files with holes at the source get them in the copy too. Absent: the stream tells of its holes.
   */
  blocks?: string[];
}

/** How the data of a running service leaves it consistently, for a pod whose emptyDir dies with it. */
export interface ExportRecipe {
  /** Container that everything runs in. */
  container: string;
  /**
   * Makes the data stand still, with all that was acknowledged in it. It is repeated every minute until the pod is
   * gone. Without repetition its effect must end within ten minutes, so that a mover that has died doesn't hold the
   * service forever. It prints `not held: WHY` where it can do nothing, and `later: WHY` where the service can't stand
   * still for so long.
   */
  begin: Exec[];
  /**
   * Used instead of `begin` where that printed `later`: it runs when everything is streamed, before `mark` is read for
   * the last time.
   */
  last?: Exec[];
  streams: Stream[];
  /**
   * The streams are of one moment, whatever is written meanwhile. A backup needs no more, and so holds nobody; a move
   * has to, because later writes would go with the pod.
   */
  live?: true;
  /**
   * Succeeds where all that was acknowledged is in the files although nothing is held. A backup then holds nobody as
   * long as two streams are the same. Absent: it always holds.
   */
  quiet?: Exec;
  /** Prints what must be the same before the first stream and after the last, such as how much was ever written. */
  mark?: Exec;
  /**
   * `again`: a second stream has to be like the first. `backup-manifest`: the streamed manifest
   * of a PostgreSQL base backup.
   */
  verify: "again" | "backup-manifest";
  /** Files to rename in the volume after it was checked, to undo what `begin` had to change. */
  rename?: { from: string; to: string }[];
  /**
   * How a copy of the volume's files is sound while `begin` holds, where the streams are more than such a copy. Absent:
   * `begin` is enough.
   */
  files?: {
    /** Run after `begin`: what memory has of the data is written to the files, and the server's own work pauses. */
    settle: Exec[];
    /** Undoes `settle`, before `end`; harmless where there is nothing to undo. */
    resume: Exec[];
    /** Names of files and directories that may change meanwhile. */
    changing: string[];
  };
  /** Undoes `begin`; harmless where there is nothing to undo. */
  end: Exec[];
  /** Ends the process that `begin` keeps from ending by itself. It runs once the pod is being deleted. */
  kill?: Exec;
}

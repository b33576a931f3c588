import { setTimeout as sleep } from "node:timers/promises";
import { MoveError } from "../faults";
import type { Api } from "../wire/api";

export interface RunOptions {
  /** The name of the pod that this is. */
  pod: string;
  /** An empty directory on the node. */
  work: string;
  /** Ends the run at the next safe moment. */
  signal: AbortSignal;
  /** Prints a line for people. Default: to standard output. */
  log?: (line: string) => void;
  /** BACKUP_PATIENCE in seconds, BACKUP_POLL in milliseconds. Default: the process's own. */
  env?: NodeJS.ProcessEnv;
}

/** What each task says that uses a repository. */
export interface RepositoryTask {
  /** Where the Lease and the job's own pods are. */
  home: string;
  /** The repository, for people. */
  repository: string;
}

/** What every step needs of a run that uses a repository. */
export abstract class RepositoryContext<Task extends RepositoryTask = RepositoryTask> {
  /** What it is called in messages. */
  abstract readonly act: string;
  readonly log: (line: string) => void;
  readonly pod: string;
  readonly work: string;
  /** How long the repository may take for its first answer, in milliseconds. restic itself would try for 15 minutes. */
  readonly patience: number;
  /** Milliseconds between two looks at the Lease. */
  readonly poll: number;
  /** Aborted when the run was told to end, and by nothing else. */
  readonly told: AbortSignal;
  #signal: AbortSignal;

  constructor(
    readonly api: Api,
    readonly task: Task,
    { pod, work, signal, log = (line) => void process.stdout.write(`${line}\n`), env = process.env }: RunOptions,
  ) {
    this.pod = pod;
    this.work = work;
    this.log = log;
    this.told = signal;
    this.#signal = signal;
    this.patience = Number(env.BACKUP_PATIENCE ?? 60) * 1000;
    this.poll = Number(env.BACKUP_POLL ?? 5000);
  }

  /** Aborted when the run has to end: it was told to, or its Lease was taken. */
  get signal(): AbortSignal {
    return this.#signal;
  }

  /** From now on, this too ends the run. */
  endWith(signal: AbortSignal): void {
    this.#signal = AbortSignal.any([this.#signal, signal]);
  }

  check(): void {
    if (this.#signal.aborted)
      throw new MoveError(String(this.#signal.reason?.message ?? `the ${this.act} was told to end`), {
        transient: true,
      });
  }

  /** Waits, or throws where the run has to end. */
  async wait(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.#signal }).catch(() => undefined);
    this.check();
  }
}

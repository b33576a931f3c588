import { setTimeout as sleep } from "node:timers/promises";
import type { Move } from "../../model/mover";
import { MoveError } from "../faults";
import type { Leaving } from "../leave/leaving";
import type { Api } from "../wire/api";
import { pathsOf } from "./paths";

export interface ContextOptions {
  /** Ends the move at the next safe moment. */
  signal?: AbortSignal;
  /** Prints a line for people. Default: to standard output. */
  log?: (line: string) => void;
  /** Of the mover's programs. Its other pods run no programs of another version. Default: any are run. */
  version?: string;
  /** MOVE_PATIENCE and MOVE_READY_PATIENCE in seconds, MOVE_POLL in milliseconds. Default: the process's own. */
  env?: NodeJS.ProcessEnv;
}

/** What every step of a move needs. */
export class Context implements Leaving {
  readonly act = "move";
  readonly paths: ReturnType<typeof pathsOf>;
  readonly signal: AbortSignal | undefined;
  readonly log: (line: string) => void;
  /** How long a move waits for a problem to pass that keeps a copy pod from starting, in milliseconds. */
  readonly patience: number;
  /** How long a move waits for the service to become ready after its start, in milliseconds. */
  readonly readyPatience: number;
  readonly #pause: number;

  constructor(
    readonly api: Api,
    readonly move: Move,
    readonly options: ContextOptions = {},
  ) {
    const { signal, log = (line) => void process.stdout.write(`${line}\n`), env = process.env } = options;
    this.paths = pathsOf(move);
    this.signal = signal;
    this.log = log;
    this.patience = Number(env.MOVE_PATIENCE ?? 120) * 1000;
    this.readyPatience = Number(env.MOVE_READY_PATIENCE ?? 600) * 1000;
    this.#pause = Number(env.MOVE_POLL ?? 500);
  }

  /** The same for another volume of the service. */
  with(move: Move): Context {
    return new Context(this.api, move, this.options);
  }

  get service(): string {
    return this.move.service;
  }

  get arrival(): string {
    return this.move.target.claim ?? "";
  }

  /** Throws when the job was told to end. */
  check(): void {
    if (this.signal?.aborted) throw new MoveError("the move's job was told to end", { transient: true });
  }

  /** Asks until there is an answer; undefined when there is none within `patience` milliseconds. */
  async until<T>(
    patience: number,
    ask: () => Promise<T | undefined>,
    { abortable = true }: { abortable?: boolean } = {},
  ): Promise<T | undefined> {
    const end = performance.now() + patience;
    for (;;) {
      if (abortable) this.check();
      const answer = await ask();
      if (answer !== undefined || performance.now() >= end) return answer;
      await sleep(this.#pause);
    }
  }
}

// @ts-check
import { setTimeout as sleep } from "node:timers/promises";
import { MoveError } from "./faults.mjs";
import { pathsOf } from "./paths.mjs";

/** @import { Move } from "../model/mover.js" */
/** @import { Api } from "./api.mjs" */

/** What every step of a move works with. */
export class Context {
  /**
   * @param {Api} api @param {Move} move
   * @param {{ signal?: AbortSignal, log?: (line: string) => void, env?: NodeJS.ProcessEnv }} [options] signal: ends the move at the next safe moment
   */
  constructor(api, move, options = {}) {
    const {
      signal,
      log = (/** @type {string} */ line) => void process.stdout.write(`${line}\n`),
      env = process.env,
    } = options;
    this.options = options;
    this.api = api;
    this.move = move;
    this.paths = pathsOf(move);
    this.signal = signal;
    this.log = log;
    /** How long something that keeps a copy pod from starting is waited for. */
    this.patience = Number(env.MOVE_PATIENCE ?? 120) * 1000;
    /** How long the service is waited for after its start. */
    this.readyPatience = Number(env.MOVE_READY_PATIENCE ?? 600) * 1000;
    this.pause = Number(env.MOVE_POLL ?? 500);
  }

  /** The same for another volume of the service. @param {Move} move */
  with(move) {
    return new Context(this.api, move, this.options);
  }

  /** Throws when the move was told to end. */
  check() {
    if (this.signal?.aborted) throw new MoveError("it was told to end", { transient: true });
  }

  /**
   * Asks until there is an answer. Undefined when there is none in time.
   * @template T @param {number} patience milliseconds @param {() => Promise<T | undefined>} ask @param {{ abortable?: boolean }} [options]
   * @returns {Promise<T | undefined>}
   */
  async until(patience, ask, { abortable = true } = {}) {
    const end = performance.now() + patience;
    for (;;) {
      if (abortable) this.check();
      const answer = await ask();
      if (answer !== undefined || performance.now() >= end) return answer;
      await sleep(this.pause);
    }
  }
}

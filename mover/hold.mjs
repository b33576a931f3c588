// @ts-check
import { outputOf } from "./exec.mjs";

/** @import { Context } from "./context.mjs" */
/** @import { Exec, ExportRecipe } from "../model/mover.js" */
/** @typedef {import("./api.mjs").KubeObject} KubeObject */

/** Well within the ten minutes that a service is held by itself. */
const renewal = 60_000;

/** What `begin` prints where it can do nothing, and where it is too early for it. */
const answers = { notHeld: /^not held: (.*)$/m, later: /^later: (.*)$/m };

/** A service's data standing still. */
export class Hold {
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  /** @type {Promise<unknown>} */
  #renewing = Promise.resolve();
  /** @type {Exec[]} */
  #hold;
  /** Nothing is held yet. */
  #late = false;

  /** @param {Context} context @param {KubeObject} pod @param {ExportRecipe[]} leaves of all volumes that leave the pod together */
  constructor(context, pod, leaves) {
    this.context = context;
    this.path = context.paths.pod(pod.metadata.name);
    this.leaves = leaves;
    this.name = pod.metadata.name;
    this.#hold = leaves.flatMap(({ begin }) => begin);
  }

  /** Before the data is streamed. */
  async begin() {
    const { log, move } = this.context;
    const said = await this.#run(this.#hold);
    const because = answers.later.exec(said)?.[1];
    this.#late = because !== undefined;
    if (!this.#late) return this.#keep(said);
    // One of several volumes may be small, and its part of it have begun.
    await this.#letGo();
    log(
      `${move.service} goes on while its data leaves pod ${this.name}: ${because}. It is held for the last ` +
        "comparison, which finds what was written meanwhile",
    );
  }

  /**
   * After the data was streamed, and before what shows that nothing was written: a service that couldn't be held for
   * all of the time is now.
   */
  async tighten() {
    if (!this.#late) return;
    this.#late = false;
    this.#hold = this.leaves.flatMap(({ begin, last = begin }) => last);
    this.#keep(await this.#run(this.#hold));
  }

  /** @param {string} said */
  #keep(said) {
    const { log, move } = this.context;
    this.#timer = setInterval(() => {
      // One that fails shows in what is compared at the end; the next may do.
      this.#renewing = this.#run(this.#hold).catch((error) => log(`the service can't be held on: ${error.message}`));
    }, renewal);
    const because = answers.notHeld.exec(said)?.[1];
    log(because ? goesOn(move, because) : `${move.service} takes no writes while its data leaves pod ${this.name}`);
  }

  /** Holds on for the full time from now. */
  async renew() {
    await this.#renewing;
    await this.#run(this.#hold);
  }

  stop() {
    clearInterval(this.#timer);
  }

  /** Lets the service go; a pod that is gone needs nothing. */
  async end() {
    await this.#renewing;
    try {
      await this.#letGo();
    } catch (error) {
      this.context.log(
        `${this.context.move.service} could not be let go and goes on by itself within ten ` +
          `minutes: ${/** @type {Error} */ (error).message}`,
      );
    }
  }

  #letGo() {
    return this.#run(this.leaves.flatMap(({ end }) => end));
  }

  /** @param {Exec[]} commands @returns {Promise<string>} what they print */
  async #run(commands) {
    let printed = "";
    for (const { exec } of commands)
      printed += await outputOf(this.context.api.server, this.path, this.leaves[0]?.container ?? "", exec);
    return printed;
  }
}

/** @param {Context["move"]} move @param {string} because */
const goesOn = ({ service }, because) =>
  `${service} goes on while its data leaves its pod: ${because}. What is written meanwhile fails the move, ` +
  "but after the last comparison it goes with the pod: keep clients away";

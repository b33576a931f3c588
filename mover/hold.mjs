// @ts-check
import { outputOf } from "./exec.mjs";

/** @import { Context } from "./context.mjs" */
/** @import { Exec, Leave } from "./types.d.ts" */
/** @typedef {import("./api.mjs").KubeObject} KubeObject */

/** Well within the ten minutes that a service is held by itself. */
const renewal = 60_000;

/** What `begin` prints where it can do nothing. */
const notHeld = /^not held: (.*)$/m;

/** A service's data standing still. */
export class Hold {
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  /** @type {Promise<unknown>} */
  #renewing = Promise.resolve();

  /** @param {Context} context @param {KubeObject} pod @param {Leave} leave */
  constructor(context, pod, leave) {
    this.context = context;
    this.path = context.paths.pod(pod.metadata.name);
    this.leave = leave;
  }

  /** Returns why the service goes on, where it can't be held. @returns {Promise<string | undefined>} */
  async begin() {
    const said = await this.#run(this.leave.begin);
    this.#timer = setInterval(() => {
      // One that fails shows in what is compared at the end; the next may do.
      this.#renewing = this.#run(this.leave.begin).catch((error) => this.context.log(`the service can't be held on: ${error.message}`));
    }, renewal);
    return notHeld.exec(said)?.[1];
  }

  /** Holds on for the full time from now. */
  async renew() {
    await this.#renewing;
    await this.#run(this.leave.begin);
  }

  stop() {
    clearInterval(this.#timer);
  }

  /** Lets the service go; a pod that is gone needs nothing. */
  async end() {
    await this.#renewing;
    try {
      await this.#run(this.leave.end);
    } catch (error) {
      this.context.log(`${this.context.move.service} could not be let go and goes on by itself within ten minutes: ${/** @type {Error} */ (error).message}`);
    }
  }

  /** @param {Exec[]} commands @returns {Promise<string>} what they print */
  async #run(commands) {
    let printed = "";
    for (const { exec } of commands) printed += await outputOf(this.context.api.server, this.path, this.leave.container, exec);
    return printed;
  }
}

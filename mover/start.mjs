// @ts-check
import { MoveError } from "./faults.mjs";
import { podName } from "./own-pods.mjs";
import { troubleOf } from "./trouble.mjs";

/** @import { Context } from "./context.mjs" */
/** @import { Part } from "./own-pods.mjs" */
/** @typedef {import("./api.mjs").KubeObject} KubeObject */

/** An image may take long to come as long as nothing is wrong with it. */
const startPatience = 20 * 60_000;

/** Watches over a pod's way to its start. */
export class Start {
  #since = performance.now();
  /** @type {number | undefined} */
  #troubled;

  /** @param {Context} context @param {Part} part */
  constructor(context, part) {
    this.context = context;
    this.part = part;
  }

  /** Throws when what is wrong lasts. @param {KubeObject} pod */
  async check(pod) {
    const { patience, move } = this.context;
    const trouble = troubleOf(pod, await this.#warnings());
    this.#troubled = trouble ? (this.#troubled ?? performance.now()) : undefined;
    const late = performance.now() - this.#since > startPatience;
    if (late || (this.#troubled !== undefined && performance.now() - this.#troubled > patience)) {
      throw new MoveError(`pod ${podName(move, this.part)} doesn't start: ${trouble ?? "the node doesn't say why"}`);
    }
  }

  async #warnings() {
    const { api, paths, move } = this.context;
    const names = [
      podName(move, this.part),
      ...[move.source.claim, move.target.claim].filter((name) => name !== undefined),
    ];
    const lists = await Promise.all(names.map((name) => api.list(paths.warnings(name))));
    return lists.flat();
  }
}

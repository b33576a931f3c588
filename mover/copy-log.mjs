// @ts-check
import { podName } from "./own-pods.mjs";
import { formatBytes, formatSeconds } from "./sizes.mjs";

/** @import { Context } from "./context.mjs" */
/** @import { ProgressLine } from "../model/mover.js" */

const doing = { measure: "measuring", copy: "copying", sync: "writing to disk", check: "checking" };

/** Repeats a copy's progress for people, as far as it changes. */
export class LogReader {
  #next = 0;
  #last = "";

  /** @param {Context} context @param {"measure" | "copy"} action */
  constructor(context, action) {
    this.context = context;
    this.action = action;
  }

  async read() {
    if (performance.now() < this.#next) return;
    this.#next = performance.now() + 2000;
    const { api, paths, move, log } = this.context;
    const text = await api.text(paths.log(podName(move, this.action))).catch(() => "");
    const line = progressText(text);
    if (line && line !== this.#last) log((this.#last = line));
  }
}

/** A line of the copy program for people; undefined where it is none about progress. @param {string} text */
export function progressText(text) {
  try {
    /** @type {ProgressLine} */
    const { phase, bytes, total, files, rate, secondsLeft } = JSON.parse(text);
    if (phase === undefined) return undefined;
    const part = total > 0 ? ` (${Math.floor((bytes / total) * 100)} %)` : "";
    return (
      `${doing[phase]}: ${formatBytes(bytes)} of ${formatBytes(total)}${part} in ${files} ` +
      `files${rate > 0 ? `, ${formatBytes(rate)}/s, ${formatSeconds(secondsLeft)} left` : ""}`
    );
  } catch {
    return undefined;
  }
}

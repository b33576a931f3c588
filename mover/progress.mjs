// @ts-check

/** @import { ProgressLine } from "../model/mover.js" */

/** Prints what a phase has done, as a line of JSON each few seconds. */
export class Progress {
  #started = performance.now();
  #last = performance.now();
  bytes = 0;

  /**
   * @param {ProgressLine["phase"]} phase @param {number} total bytes @param {number} files
   * @param {(line: ProgressLine) => void} print
   */
  constructor(phase, total, files, print = (line) => void process.stdout.write(`${JSON.stringify(line)}\n`)) {
    this.phase = phase;
    this.total = total;
    this.files = files;
    this.print = print;
    print(this.line());
  }

  /** @param {number} bytes since the phase began */
  at(bytes) {
    this.bytes = Math.max(this.bytes, bytes);
    if (performance.now() - this.#last < 2000) return;
    this.#last = performance.now();
    this.print(this.line());
  }

  /** @param {number} bytes */
  add(bytes) {
    this.at(this.bytes + bytes);
  }

  end() {
    this.print(this.line());
  }

  /** @returns {ProgressLine} */
  line() {
    const seconds = (performance.now() - this.#started) / 1000;
    const rate = seconds > 0.2 ? Math.round(this.bytes / seconds) : 0;
    const secondsLeft = rate > 0 ? Math.max(0, Math.round((this.total - this.bytes) / rate)) : 0;
    return { phase: this.phase, bytes: this.bytes, total: this.total, files: this.files, rate, secondsLeft };
  }
}

import type { ProgressLine } from "../../model/mover";

const printLine = (line: ProgressLine) => void process.stdout.write(`${JSON.stringify(line)}\n`);

/** Prints what a phase has done, as a line of JSON each few seconds. */
export class Progress {
  readonly #started = performance.now();
  #last = performance.now();
  #bytes = 0;

  /** `total`: bytes. */
  constructor(
    readonly phase: ProgressLine["phase"],
    readonly total: number,
    readonly files: number,
    readonly print: (line: ProgressLine) => void = printLine,
  ) {
    print(this.#line());
  }

  /** `bytes`: since the phase began. */
  at(bytes: number): void {
    this.#bytes = Math.max(this.#bytes, bytes);
    if (performance.now() - this.#last < 2000) return;
    this.#last = performance.now();
    this.print(this.#line());
  }

  add(bytes: number): void {
    this.at(this.#bytes + bytes);
  }

  end(): void {
    this.print(this.#line());
  }

  #line(): ProgressLine {
    const bytes = this.#bytes;
    const seconds = (performance.now() - this.#started) / 1000;
    const rate = seconds > 0.2 ? Math.round(bytes / seconds) : 0;
    const secondsLeft = rate > 0 ? Math.max(0, Math.round((this.total - bytes) / rate)) : 0;
    return { phase: this.phase, bytes, total: this.total, files: this.files, rate, secondsLeft };
  }
}

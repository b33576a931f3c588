import type { ProgressLine } from "../../model/mover";
import { formatBytes } from "../../model/quantity";
import { formatSeconds } from "../sizes";
import type { Context } from "./context";
import { podName } from "./own-pods";

const doing: Record<ProgressLine["phase"], string> = {
  measure: "measuring",
  copy: "copying",
  sync: "writing to disk",
  check: "checking",
};

/** Prints a copy's progress for people whenever it changes. */
export class LogReader {
  #next = 0;
  #last = "";

  constructor(
    readonly context: Context,
    readonly action: "measure" | "copy",
  ) {}

  async read(): Promise<void> {
    if (performance.now() < this.#next) return;
    this.#next = performance.now() + 2000;
    const { api, paths, move, log } = this.context;
    const text = await api.text(paths.log(podName(move, this.action))).catch(() => "");
    const line = progressText(text);
    if (!line || line === this.#last) return;
    this.#last = line;
    log(line);
  }
}

/** A line of the copy program for people; undefined where it isn't about progress. */
function progressText(text: string): string | undefined {
  try {
    const { phase, bytes, total, files, rate, secondsLeft }: ProgressLine = JSON.parse(text);
    if (phase === undefined) return undefined;
    const part = total > 0 ? ` (${Math.floor((bytes / total) * 100)} %)` : "";
    const speed = rate > 0 ? `, ${formatBytes(rate)}/s, ${formatSeconds(secondsLeft)} left` : "";
    return `${doing[phase]}: ${formatBytes(bytes)} of ${formatBytes(total)}${part} in ${files} files${speed}`;
  } catch {
    return undefined;
  }
}

/** Tells the waiting user what long work is doing. */
export interface Progress {
  /** Runs `work` between a starting and a finishing line. With `note`, the work says what it is doing at the moment. */
  step<T>(title: string, work: (note: (text: string) => void) => Promise<T>): Promise<T>;
  info(text: string): void;
}

export interface ProgressOptions {
  /** Default: one line to stderr. */
  write?: (line: string) => void;
  /** Milliseconds; default: `Date.now`. */
  now?: () => number;
  /** Milliseconds between signs of life; default 30 s. */
  interval?: number;
}

/**
 * Lines with the time since the start, on stderr so that `--json` output stays clean.
 * It writes whole lines only, so that a log without a terminal looks the same.
 */
export function consoleProgress(options: ProgressOptions = {}): Progress {
  const write = options.write ?? ((line: string) => process.stderr.write(`${line}\n`));
  const now = options.now ?? Date.now;
  const interval = options.interval ?? 30_000;
  const begun = now();
  const line = (text: string) => write(`[${seconds(now() - begun).padStart(5)}] ${text}`);

  return {
    info: line,
    async step(title, work) {
      const started = now();
      const since = () => seconds(now() - started);
      let latest = "";
      line(`${title} …`);
      const life = setInterval(() => line(`${title}: ${latest || "still working"} (${since()})`), interval);
      life.unref();
      try {
        const result = await work((text) => (latest = text));
        line(`… ${title}: done (${since()})`);
        return result;
      } catch (error) {
        line(`… ${title}: failed (${since()})`);
        throw error;
      } finally {
        clearInterval(life);
      }
    },
  };
}

/** For callers, such as tests, that want no output. */
export const silentProgress: Progress = {
  step: (_title, work) => work(() => undefined),
  info: () => undefined,
};

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 1000)}s`;
}

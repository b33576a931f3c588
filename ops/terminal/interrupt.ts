/** Work that must finish before an interrupt ends this process: a child that ends by itself when Ctrl-C reaches it. */
const running = new Set<{ finished: Promise<unknown>; interrupt: () => void }>();

/** Makes Ctrl-C wait for `finished`. `interrupt` passes the signal on to the child where no terminal does. */
export function finishOnInterrupt<T>(finished: Promise<T>, interrupt: () => void): Promise<T> {
  const work = { finished, interrupt };
  running.add(work);
  return finished.finally(() => running.delete(work));
}

/** First Ctrl-C: lets running children end, then exits with 130. Second: exits at once. */
export function handleInterrupts(): void {
  let interrupted = false;
  const stop = async (signal: "SIGINT" | "SIGTERM") => {
    if (interrupted) process.exit(130);
    interrupted = true;
    process.stderr.write("interrupted: waiting for the running steps to end; run the same command again to continue\n");
    // A terminal sends Ctrl-C to the children too. A second signal would make them stop half-way.
    if (signal === "SIGTERM" || !process.stdin.isTTY) for (const work of running) work.interrupt();
    await Promise.allSettled([...running].map((work) => work.finished));
    process.exit(130);
  };
  process.on("SIGINT", () => void stop("SIGINT"));
  process.on("SIGTERM", () => void stop("SIGTERM"));
}

/** Work that must finish before an interrupt ends this process: a child that ends by itself when Ctrl-C reaches it. */
const running = new Set<{ finished: Promise<unknown>; interrupt: () => void }>();

/** Makes Ctrl-C wait for `finished`. `interrupt` passes the signal on to the child where no terminal does. */
export function finishOnInterrupt<T>(finished: Promise<T>, interrupt: () => void): Promise<T> {
  const work = { finished, interrupt };
  running.add(work);
  return finished.finally(() => running.delete(work));
}

/**
 * First Ctrl-C: lets running children end, then exits with 130. Second: exits at once. SIGTERM and a closed terminal
 * are the same, and the children hear of it from here.
 */
export function handleInterrupts(): void {
  let interrupted = false;
  const stop = async (signal: "SIGINT" | "SIGTERM" | "SIGHUP") => {
    if (interrupted) process.exit(130);
    interrupted = true;
    // Nobody reads any more, and a failed write would end this process before its children.
    if (signal === "SIGHUP") for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
    process.stderr.write("interrupted: waiting for the running steps to end; run the same command again to continue\n");
    // A terminal sends Ctrl-C to the children too. A second signal would make them stop half-way.
    if (signal !== "SIGINT" || !process.stdin.isTTY) for (const work of running) work.interrupt();
    await Promise.allSettled([...running].map((work) => work.finished));
    process.exit(130);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(signal));
}

import { globSync, readFileSync } from "node:fs";

/** Numbers from 0 to 1 that a seed decides, so that a failing draw can be had again. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    // Mulberry32.
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Kills a process as a power failure would, and with `tree` all that it started: the plugins are in process groups of
 * their own.
 */
export function killHard(pid: number, tree: boolean): void {
  const victims = tree ? [pid, ...descendants(pid)] : [pid];
  for (const victim of victims) {
    try {
      process.kill(victim, "SIGKILL");
    } catch {
      // It ended by itself.
    }
  }
}

/** Ids of the processes that `pid` started, and those that they started. */
function descendants(pid: number): number[] {
  const parents = new Map(
    globSync("/proc/[0-9]*/stat").flatMap((file) => {
      const match = /^(\d+) \(.*\) \S (\d+)/s.exec(read(file));
      return match ? [[Number(match[1]), Number(match[2])] as const] : [];
    }),
  );
  const found: number[] = [];
  for (let generation = [pid]; generation.length > 0;) {
    generation = [...parents].filter(([, parent]) => generation.includes(parent)).map(([child]) => child);
    found.push(...generation);
  }
  return found;
}

/** What a file of /proc says; nothing where its process has ended. */
export function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

/** A process. The start time distinguishes it from a later process with the same number. */
export interface Identity {
  pid: number;
  /** Clock ticks since boot, field 22 of /proc/PID/stat. */
  startTime: string;
}

export interface Process extends Identity {
  parent: number;
  /** Its arguments, the program first. */
  command: string[];
}

/** The live process with this number; undefined when there is none, or only its zombie. */
export function readProcess(pid: number): Process | undefined {
  try {
    const stat = parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
    if (stat.state === "Z" || stat.state === "X") return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
    return { pid, startTime: stat.startTime, parent: stat.parent, command };
  } catch {
    return undefined; // It ended between two reads.
  }
}

/** Exported for its test, because the program's name is in parentheses and may hold spaces and parentheses itself. */
export function parseStat(text: string): { state: string; parent: number; startTime: string } {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0]!, parent: Number(fields[1]), startTime: fields[19]! };
}

export function allProcesses(): Process[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map((entry) => readProcess(Number(entry)))
    .filter((found) => found !== undefined);
}

/** When the process began, to the second (clock ticks are 1/100 s, and the kernel gives its boot in whole seconds). */
export function beganAt({ startTime }: Identity, kernel = readFileSync("/proc/stat", "utf8")): Date {
  const boot = Number(/^btime (\d+)$/m.exec(kernel)?.[1] ?? 0);
  return new Date((boot + Math.floor(Number(startTime) / 100)) * 1000);
}

export function isAlive(identity: Identity): boolean {
  return readProcess(identity.pid)?.startTime === identity.startTime;
}

/** Sends a signal to exactly this process; nothing happens when it is gone. */
export function signal(identity: Identity, name: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Waits until the process is gone; false when it is still there after `seconds`. */
export async function ended(identity: Identity, seconds: number): Promise<boolean> {
  return waitFor(seconds, () => !isAlive(identity));
}

/** Asks every `every` milliseconds until `condition` holds. Returns false when it doesn't within `seconds`. */
export async function waitFor(
  seconds: number,
  condition: () => boolean | Promise<boolean>,
  every = 50,
): Promise<boolean> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() >= deadline) return false;
    await pause(every);
  }
  return true;
}

/** Sends SIGTERM, and SIGKILL after `seconds`. Returns when the process is gone. */
export async function end(identity: Identity, seconds: number): Promise<void> {
  signal(identity, "SIGTERM");
  if (await ended(identity, seconds)) return;
  signal(identity, "SIGKILL");
  if (!(await ended(identity, 10))) throw new Error(`process ${identity.pid} did not end, even after SIGKILL`);
}

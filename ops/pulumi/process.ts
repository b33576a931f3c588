import { execa } from "execa";
import { readFile } from "node:fs/promises";

/** A process of this host. */
export interface ProcessFact {
  /** The program's name, such as `pulumi`. */
  name: string;
  started: Date;
}

/** The kernel's clock ticks per second as /proc reports them: 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** The process with this id on this host; undefined where there is none. A zombie counts as none. */
export async function findProcess(pid: number): Promise<ProcessFact | undefined> {
  return process.platform === "linux" ? fromProc(pid) : fromPs(pid);
}

/** The process that started this one, or took it over when that one ended. Known on Linux only. */
export async function parentOf(pid: number): Promise<ProcessFact | undefined> {
  const stat = await read(`/proc/${pid}/stat`);
  const parent = Number(stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  return parent > 0 ? findProcess(parent) : undefined;
}

async function fromProc(pid: number): Promise<ProcessFact | undefined> {
  const [stat, system] = await Promise.all([read(`/proc/${pid}/stat`), read("/proc/stat")]);
  // "pid (name) state …": the name may hold spaces and brackets, so count from its last bracket.
  const match = stat && /^\d+ \((.*)\) (\S) (.*)$/s.exec(stat);
  if (!match || match[2] === "Z" || match[2] === "X") return undefined;
  const startTicks = Number(match[3]?.split(" ")[18]);
  const boot = Number(/^btime (\d+)$/m.exec(system ?? "")?.[1]);
  return { name: match[1] ?? "", started: new Date((boot + startTicks / ticksPerSecond) * 1000) };
}

async function fromPs(pid: number): Promise<ProcessFact | undefined> {
  const { stdout, exitCode } = await execa("ps", ["-o", "lstart=,comm=", "-p", String(pid)], {
    reject: false,
    env: { LC_ALL: "C" },
  });
  const match = exitCode === 0 ? /^\s*(\w{3} \w{3}\s+\d+ [\d:]+ \d{4})\s+(.*)$/.exec(stdout) : undefined;
  return match ? { name: (match[2] ?? "").split("/").pop() ?? "", started: new Date(match[1] ?? 0) } : undefined;
}

function read(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch(() => undefined);
}

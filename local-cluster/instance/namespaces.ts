import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../model/user-error";
import { cacheDir } from "../paths";
import { PODS, SERVICES } from "./addresses";
import { joinCgroups } from "./cgroups";
import { run } from "./command";
import { READY, type Layout } from "./layout";
import { connectNamespace } from "./network";
import { allProcesses, ended, signal, waitFor, type Process } from "./processes";

/** Process 1 of an instance only collects ended processes. Everything in its namespaces ends with it. */
const REAPER = "while :; do sleep 86400 & wait; done";
const MARK = "cluster-storage-instance";

/**
 * The processes 1 of the instance in `dir`, recognised by their arguments. Their numbers are not recorded anywhere, so
 * no record can be wrong or lost. There is more than one only after a start was killed.
 */
export function findInits(dir: string): Process[] {
  return allProcesses().filter(
    ({ pid, command }) => command.includes(MARK) && command.at(-1) === dir && command[0] === "sh" && isFirst(pid),
  );
}

/** The instance's process 1 if its namespaces are complete. */
export function findInit(dir: string): Process | undefined {
  return findInits(dir).find(({ pid }) => existsSync(inside(pid, READY)));
}

/** A path inside the instance as seen from the machine. */
export function inside(init: number, path: string): string {
  return join(`/proc/${init}/root`, path);
}

/** Ends these processes 1 at once, and with them everything in their namespaces. */
export async function kill(inits: Process[]): Promise<void> {
  for (const init of inits) signal(init, "SIGKILL");
  for (const init of inits) {
    if (!(await ended(init, 30))) throw new Error(`process ${init.pid} and what runs below it do not end`);
  }
}

/**
 * Makes the namespaces, connects them to the machine, and sets up the file system inside. Throws UserError where that
 * is not allowed.
 */
export async function createNamespaces(layout: Layout): Promise<Process> {
  try {
    const init = await isolate(layout.dir);
    joinCgroups(layout.cgroup, [init.pid, init.parent]);
    await connectNamespace(layout.addresses, init.pid, layout.dir);
    await setUp(init, layout);
    return init;
  } catch (error) {
    throw new UserError(
      `The namespaces of the local cluster "${layout.name}" could not be created on this ` +
        `machine: ${(error as Error).message}`,
    );
  }
}

/** Starts process 1, which outlives this process. */
async function isolate(dir: string): Promise<Process> {
  const flags = ["--fork", "--pid", "--mount", "--net", "--mount-proc", "--propagation", "private"];
  const child = spawn("unshare", [...flags, "sh", "-c", REAPER, MARK, dir], {
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
    cwd: "/",
  });
  let complaint = "";
  let over = false;
  child.stderr.setEncoding("utf8").on("data", (text) => (complaint += text));
  child.once("error", (error) => (complaint = error.message)).once("close", () => (over = true));
  child.unref();
  let init: Process | undefined;
  await waitFor(10, () => (init = findInits(dir)[0]) !== undefined || over, 10);
  child.stderr.destroy();
  if (!init) throw new Error(complaint.trim() || "unshare started no process");
  return init;
}

async function setUp(init: Process, { addresses, dir }: Layout): Promise<void> {
  await enter(init, ["sh", "-c", readFileSync(join(__dirname, "setup.sh"), "utf8")], {
    DIR: dir,
    CACHE: existsSync(cacheDir()) ? cacheDir() : dir,
    NODE: addresses.node,
    PREFIX: String(addresses.prefix),
    POD_GATEWAY: PODS.gateway,
    POD_PREFIX: String(PODS.prefix),
    SERVICES: SERVICES.range,
  });
}

/** Runs a program inside and waits until it ends. `network: "machine"` leaves it in the machine's network. */
export function enter(
  init: Process,
  command: string[],
  env: Record<string, string> = {},
  network: "instance" | "machine" = "instance",
): Promise<string> {
  return run("nsenter", [...namespaceFlags(init, network), ...command], env);
}

export function namespaceFlags(init: Process, network: "instance" | "machine" = "instance"): string[] {
  return ["--target", String(init.pid), "--pid", "--mount", ...(network === "instance" ? ["--net"] : []), "--"];
}

/** Whether a process is number 1 of a namespace of its own. */
function isFirst(pid: number): boolean {
  try {
    const numbers = /^NSpid:\s*(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]?.split(/\s+/) ?? [];
    return numbers.length > 1 && numbers.at(-1) === "1";
  } catch {
    return false;
  }
}

import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { connect } from "node:net";
import { basename, join } from "node:path";
import { UserError } from "../../model/user-error";
import { componentCgroups } from "./cgroups";
import { componentEnvironment, type Component } from "./components";
import type { Layout } from "./layout";
import { enter, inside } from "./namespaces";
import { allProcesses, beganAt, end, waitFor, type Process } from "./processes";

/** The data of a running instance that starting and ending its programs needs. */
export interface Running {
  layout: Layout;
  init: Process;
  /** The tools' environment variables, PATH included. */
  env: Record<string, string>;
}

/**
 * The component's process: a child of the instance's process 1 that runs the component's program with its configuration
 * file. The programs of a second node have other files.
 */
export function findComponent(
  { init }: Pick<Running, "init">,
  component: Component,
  all = allProcesses(),
): Process | undefined {
  const { name, command, config } = component;
  const programs = command.slice(0, name === "egress" ? 2 : 1).map((path) => basename(path));
  const own = command.filter((argument) => config !== undefined && argument.endsWith(`/${config}`));
  const runs = (found: string[]) =>
    programs.every((program, index) => basename(found[index] ?? "") === program) &&
    own.every((argument) => found.includes(argument));
  return all.find((process) => process.parent === init.pid && runs(process.command));
}

/** When the kubelet began; what the API shows of its node from before then is an earlier kubelet's report. */
export function kubeletSince(
  running: Pick<Running, "init">,
  all: Component[],
  processes = allProcesses(),
): Date | undefined {
  const kubelet = all.find(({ name }) => name === "kubelet");
  const found = kubelet && findComponent(running, kubelet, processes);
  return found && beganAt(found);
}

/** Whether the process runs what the component should be now: the same binary with the same arguments. */
export function isCurrent(process: Process, component: Component): boolean {
  return process.command.join("\0") === component.command.join("\0");
}

/** Whether the component's program runs, or is still to take the place of what starts it, as on a busy machine. */
export function isStarted(running: Pick<Running, "init">, component: Component, all = allProcesses()): boolean {
  const starting = [...STARTER, ...component.command].join("\0");
  return Boolean(findComponent(running, component, all)) || all.some(({ command }) => command.join("\0") === starting);
}

/** Starts a component and waits until it serves. Throws UserError with its last error when it ends instead. */
export async function startComponent(running: Running, component: Component, seconds = 60): Promise<void> {
  await launch(running, component);
  const begun = Date.now();
  let dead = false;
  const up = await waitFor(seconds, async () => {
    if (await serves(running, component)) return true;
    return (dead = Date.now() - begun > 500 && !isStarted(running, component));
  });
  if (!up || dead)
    throw failure(
      running.layout,
      component,
      dead ? "ended right after its start" : `does not serve after ${seconds} s`,
    );
}

/** Throws UserError for a component that does not run. Its port may have been open for a moment before it ended. */
export function checkAlive(running: Running, all: Component[]): void {
  const processes = allProcesses();
  const gone = all.find((component) => !findComponent(running, component, processes));
  if (gone) throw failure(running.layout, gone, "ended soon after its start");
}

/** A UserError with what happened, the last error in the component's log, and the path of the log. */
export function failure(layout: Layout, component: Component, what: string): UserError {
  const log = logFile(layout, component);
  return new UserError(
    `${component.name} of the local cluster ` +
      `"${layout.name}" ${what}: ${lastComplaint(readFileSync(log, "utf8")) ?? "its log is empty"}\nIts log: ${log}`,
  );
}

/** Ends the component if it runs: with SIGTERM first, and with SIGKILL after its patience. */
export async function endComponent(running: Pick<Running, "init">, component: Component): Promise<void> {
  const process = findComponent(running, component);
  if (process) await end(process, component.patience ?? 10);
}

/** The component becomes a child of the instance's process 1, so it goes on when the process that started it ends. */
const STARTER = ["setsid", "--fork"];
const LAUNCH = `log=$1; shift
while [ "$1" != -- ]; do echo 0 >"$1"; shift; done; shift
exec ${STARTER.join(" ")} "$@" >>"$log" 2>&1 </dev/null`;

async function launch({ layout, init, env }: Running, component: Component): Promise<void> {
  const log = logFile(layout, component);
  mkdirSync(layout.logs, { recursive: true });
  if (existsSync(log)) renameSync(log, `${log}.before`);
  const own = componentEnvironment(layout, component.name);
  const groups = componentCgroups(layout.cgroup);
  await enter(
    init,
    ["sh", "-c", LAUNCH, component.name, log, ...groups, "--", ...component.command],
    { ...env, ...own },
    component.machineNetwork ? "machine" : "instance",
  );
}

function logFile(layout: Layout, component: Component): string {
  return join(layout.logs, `${component.name}.log`);
}

/** Whether the component answers at its port or socket. */
export async function serves({ init }: Pick<Running, "init">, component: Component): Promise<boolean> {
  if (typeof component.serves === "string") return accepts(inside(init.pid, component.serves));
  const process = component.machineNetwork ? findComponent({ init }, component) : init;
  return process !== undefined && listens(process.pid, component.serves);
}

/** Reads the namespace's own table of sockets: the ports on its loopback can't be reached from the machine. */
function listens(pid: number, port: number): boolean {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return ["tcp", "tcp6"].some((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, "utf8")
      .split("\n")
      .some((line) => {
        const [, local = "", , state] = line.trim().split(/\s+/);
        return local.endsWith(wanted) && state === "0A";
      }),
  );
}

function accepts(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const client = connect(socket);
    client
      .once("connect", () => resolve(true))
      .once("error", () => resolve(false))
      .once("close", () => client.destroy());
    client.once("connect", () => client.destroy());
  });
}

/** The last line of a log that reports an error, otherwise the log's last line. */
export function lastComplaint(log: string): string | undefined {
  const lines = log
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  const complaint = lines.findLast((line) =>
    /^[EF]\d{4} |level=(error|fatal|panic)|"level":"(error|fatal|panic)"|^(error|panic|fatal)\b/i.test(line),
  );
  return (complaint ?? lines.at(-1))?.slice(0, 500);
}

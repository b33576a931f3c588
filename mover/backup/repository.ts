import {
  backupHost,
  incompleteHost,
  incompleteTag,
  listedEnd,
  listedPrefix,
  shrunkTag,
  type BackupTask,
  type ListedPoint,
} from "../../model/backup";
import { repairedTag } from "../../model/retention";
import type { RepositoryContext } from "./repository-context";
import { faultOfEnd, lookAtRepository, restic, resticExit, resticOutput, type ResticOptions } from "./restic";

/** Throws where the repository isn't there or can't be opened. It never makes one. */
export async function checkRepository(context: RepositoryContext): Promise<void> {
  const end = await lookAtRepository(context);
  context.check();
  if (end.code !== resticExit.done) throw faultOfEnd(end, context.task.repository);
}

/** Makes the repository where there is none; one that is there is left as it is. */
export async function makeRepository(context: RepositoryContext): Promise<void> {
  const { log, task, signal } = context;
  const found = await lookAtRepository(context);
  context.check();
  if (found.code === resticExit.done)
    return log(`there is a repository at ${task.repository} already; it was left as it is`);
  if (found.code !== resticExit.noRepository) throw faultOfEnd(found, task.repository);
  const end = await restic(["init"], { patience: context.patience, signal });
  context.check();
  if (end.code !== resticExit.done) throw faultOfEnd(end, task.repository);
  log(`made a repository at ${task.repository}`);
}

/** So many points are far below the 16 KiB at which a pod's log cuts a line. */
const inOneLine = 25;

/** Points as they are printed: in pieces, each for a line of its own. */
export const inLines = <T>(points: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(points.length / inOneLine) }, (_, i) =>
    points.slice(i * inOneLine, (i + 1) * inOneLine),
  );

/** Prints all points of all stacks, the oldest first. */
export async function listPoints(context: RepositoryContext): Promise<void> {
  const points = await readPoints(context);
  for (const some of inLines(points)) context.log(`${listedPrefix}${JSON.stringify(some)}`);
  context.log(`${listedEnd}${points.length}`);
}

/** All points of all stacks in the repository, the oldest first. Throws where it can't be read. */
export async function readPoints({
  task,
  signal,
  patience,
}: Pick<ResticOptions, "signal" | "patience"> & { task: Pick<BackupTask, "repository"> }): Promise<ListedPoint[]> {
  const args = ["snapshots", "--no-lock", "--host", backupHost, "--host", incompleteHost];
  const found: Snapshot[] = JSON.parse(await resticOutput(args, task.repository, { signal, patience }));
  const marks = new Set(found.filter(({ hostname }) => hostname === incompleteHost).flatMap(({ tags = [] }) => tags));
  return found
    .filter(({ hostname }) => hostname === backupHost)
    .map((point) => ({ ...listed(point), ...(marks.has(incompleteTag(point.id)) && { incomplete: true as const }) }));
}

interface Snapshot {
  id: string;
  time: string;
  hostname: string;
  tags?: string[];
  summary?: { total_bytes_processed?: number; data_added_packed?: number };
}

function listed({ id, time, tags = [], summary = {} }: Snapshot): ListedPoint {
  const tag = (name: string) => tags.find((each) => each.startsWith(`${name}:`))?.slice(name.length + 1) ?? "";
  const { total_bytes_processed: bytes = 0, data_added_packed: added = 0 } = summary;
  return {
    id,
    at: time,
    bytes,
    added,
    stack: tag("stack"),
    service: tag("service"),
    generation: tag("generation"),
    shrunk: tags.includes(shrunkTag),
    ...(tags.includes(repairedTag) && { repaired: true as const }),
  };
}

/** After so long a time a program whose lock was taken away has made a new one: restic does so every five minutes. */
const renewed = 5.5 * 60_000;

/**
 * Removes the locks that ended pods have left. restic can only remove all locks at once, so they go where all that are
 * there are of pods that have ended; somebody else's lock stays, and so do they. Returns whether none is left of them.
 */
export async function removeDeadLocks(context: RepositoryContext, ended: string[]): Promise<boolean> {
  const { log, task, signal, patience } = context;
  const dead = (await lockHosts(context)).filter((host) => ended.includes(host));
  if (dead.length === 0) return true;
  // Read once more, as late as can be: who has come meanwhile keeps its lock.
  const last = await lockHosts(context);
  const alive = last.filter((host) => !ended.includes(host));
  if (alive.length > 0) {
    log(`locks of ended pods stay in the repository, because ${alive.join(", ")} has one there too`);
    return false;
  }
  const said = await resticOutput(["unlock", "--remove-all"], task.repository, { signal, patience });
  log(`removed what ${dead.join(", ")} had locked in the repository: that pod has ended`);
  const [, removed = "0"] = /removed (\d+) locks/.exec(said) ?? [];
  if (Number(removed) > last.length) {
    log("another program has begun in the same moment and lost its lock too; waiting until it has made a new one");
    await context.wait(renewed);
  }
  return true;
}

/** The host of each lock: the pod's name, where a job of ours has made it. */
async function lockHosts({ task, signal, patience }: RepositoryContext): Promise<string[]> {
  const options = { signal, patience };
  const listed = await resticOutput(["list", "locks", "--no-lock"], task.repository, options);
  const hosts: string[] = [];
  for (const id of listed.split("\n").filter((line) => /^[0-9a-f]{64}$/.test(line))) {
    // A lock that is gone by now is nobody's.
    const text = await resticOutput(["cat", "lock", id, "--no-lock"], task.repository, options).catch(() => "{}");
    const { hostname }: { hostname?: string } = JSON.parse(text);
    if (hostname !== undefined) hosts.push(hostname);
  }
  return hosts;
}

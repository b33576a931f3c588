import { randomBytes } from "node:crypto";
import pLimit from "p-limit";
import { failureOf, type Kube } from "../../kube/client";
import { listClasses } from "../../kube/look-up";
import { UserError } from "../../model/user-error";
import type { BackedUpService } from "../backup/decide";
import { newKey } from "../verify/remove";
import { missingNeed, neededFirst } from "./choose";
import { atOnce, tryCopies } from "./copies";
import { readOriginal, type Original } from "./copy";
import { keepAlive, makeGround } from "./ground";
import { resultOf, type DrillResult } from "./judge";
import { drillNamespace, type Ground, type Side } from "./names";
import { makePoints, newestPoints, takeBackLeft, type Points } from "./points";
import { findLeft, removeGround } from "./remove";

export interface Drill {
  /** `project/stack`. */
  stack: string;
  services: readonly BackedUpService[];
  /** All services of the stack that have a backup. */
  all: readonly BackedUpService[];
  say: (line: string) => void;
  signal: AbortSignal;
}

export interface Drilled {
  /** In the order of the services. */
  results: DrillResult[];
  /** What could not be removed of what the drill made. */
  left: string[];
}

/**
 * Drills the services' backups: writes a record to each, makes a point, restores it and the one before beside them,
 * starts both there and reads them. All of it is removed. Throws a UserError where it was interrupted, where another
 * drill runs, and where the cluster doesn't let it make its namespaces.
 */
export async function drillServices(kube: Kube, drill: Drill): Promise<Drilled> {
  const { services, say } = drill;
  const home = services[0]![1].backup.namespace;
  await removeEarlier(kube, drill);
  let there: Awaited<ReturnType<typeof newestPoints>>;
  try {
    there = await newestPoints(kube, services[0]!, drill.stack);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const results = services.map(([service]) => ({ service, ok: false, seconds: 0, error: error.message }));
    return { results, left: [] };
  }
  const { originals, unread } = await readOriginals(kube, services);
  const run = randomBytes(4).toString("hex");
  const key = newKey(Date.now());
  const grounds: (Ground & { side: Side })[] = [];
  try {
    for (const side of ["newest", "before"] as const) {
      const ground = { side, run, namespace: drillNamespace(home, side) };
      await makeGround(kube, ground, { home, originals: [...originals.values()], key }, () => grounds.push(ground));
    }
    const results = await tryAll(kube, drill, { grounds, originals, unread, there, key });
    return { results, left: await removeGrounds(kube, grounds) };
  } catch (error) {
    (await removeGrounds(kube, grounds)).forEach(say);
    throw error;
  }
}

interface All {
  grounds: readonly (Ground & { side: Side })[];
  originals: ReadonlyMap<string, Original>;
  /** Why a service's original could not be read. */
  unread: ReadonlyMap<string, string>;
  there: Awaited<ReturnType<typeof newestPoints>>;
  key: string;
}

async function tryAll(kube: Kube, { services, say, signal }: Drill, all: All): Promise<DrillResult[]> {
  const { grounds, originals, unread, there, key } = all;
  const stop = keepAlive(kube, grounds);
  try {
    const known = neededFirst(services.filter(([name]) => originals.has(name)));
    const points = makePoints(kube, { services: known, there, key, say, signal });
    const [newest, before] = await tryBoth(kube, signal, grounds, originals, points);
    signal.throwIfAborted();
    return services.map(([service]) =>
      resultOf(service, {
        unread: unread.get(service),
        newest: newest?.get(service),
        before: before?.get(service),
        written: points.written.get(service),
      }),
    );
  } finally {
    stop();
  }
}

/** Removes the namespaces of this run with all that is in them. Returns what could not be removed. */
async function removeGrounds(kube: Kube, grounds: readonly Ground[]): Promise<string[]> {
  const removed = await Promise.allSettled(grounds.map(({ namespace, run }) => removeGround(kube, namespace, run)));
  return removed.flatMap((each) => (each.status === "rejected" ? [failureOf(each.reason)] : []));
}

/**
 * Removes what a drill that was killed has left in the cluster, and in the services. Returns whether there was any.
 * Throws a UserError where a drill still runs, and where something can't be removed.
 */
export async function removeEarlier(kube: Kube, { all, say }: Pick<Drill, "all" | "say">): Promise<boolean> {
  const left = await findLeft(kube, all[0]![1].backup.namespace, say);
  for (const key of new Set(left.flatMap((each) => each.key ?? []))) {
    const records = await Promise.all(all.map((service) => takeBackLeft(kube, service, key)));
    for (const [index, what] of records.entries()) if (what !== undefined) say(`${all[index]![0]}: ${what}`);
  }
  for (const { namespace } of left) say(`removing what a drill has left in the namespace ${namespace}`);
  const stays = await removeGrounds(kube, left);
  if (stays.length > 0) throw new UserError(stays.join("\n"));
  return left.length > 0;
}

async function readOriginals(kube: Kube, services: readonly BackedUpService[]) {
  const [originals, unread] = [new Map<string, Original>(), new Map<string, string>()];
  for (const service of services) {
    const [name] = service;
    const missing = missingNeed(service, services);
    if (missing !== undefined) unread.set(name, missing);
    else
      await readOriginal(kube, service).then(
        (original) => void originals.set(name, original),
        (error: unknown) => void unread.set(name, failureOf(error)),
      );
  }
  return { originals, unread };
}

/** Tries both sides at the same time, within one limit of what is started. */
async function tryBoth(
  kube: Kube,
  signal: AbortSignal,
  grounds: All["grounds"],
  originals: ReadonlyMap<string, Original>,
  points: Points,
) {
  const all = await listClasses(kube);
  const made = all.filter(({ provisioner }) => !provisioner.endsWith("/no-provisioner")).map(({ name }) => name);
  const limit = pLimit(atOnce);
  return Promise.all(
    grounds.map((ground) =>
      tryCopies(kube, {
        side: ground.side,
        copies: { ground, classes: new Set(made), hosts: new Map(), signal },
        originals,
        limit,
        pointOf: (name) => points[ground.side].get(name)!,
        recordOf: (name) => points.records.get(name)!,
      }),
    ),
  );
}

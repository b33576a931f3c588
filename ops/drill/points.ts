import { randomBytes } from "node:crypto";
import pLimit from "p-limit";
import { waitForReadyPod } from "../../kube/pods";
import { failureOf, type Kube } from "../../kube/client";
import { backedUpAnnotation, newestGood, type ListedPoint } from "../../model/backup";
import { UserError } from "../../model/user-error";
import type { BackedUpService } from "../backup/decide";
import { linesOf } from "../backup/job";
import { pointsOf, readListed } from "../backup/print";
import { removeRecords } from "../verify/remove";
import { runSteps, type CheckRecord } from "../verify/steps";
import type { PointRef } from "./judge";

/** The points of a drill: those that are there, and those that it makes by the services' own backup jobs. */

export interface Points {
  /** Of each service the newest point before the drill, made by it where there is none. */
  before: ReadonlyMap<string, Promise<PointRef>>;
  /** The point that was made after the record was written. */
  newest: ReadonlyMap<string, Promise<PointRef>>;
  records: ReadonlyMap<string, CheckRecord>;
  /** When each service's record was written, in ms, and what could not be removed of it. */
  written: ReadonlyMap<string, { at: number; left?: string }>;
}

export interface MakePoints {
  services: readonly BackedUpService[];
  /** The newest point of each service that is there. */
  there: ReadonlyMap<string, PointRef>;
  /** The key of the run's records. */
  key: string;
  say: (line: string) => void;
  signal: AbortSignal;
}

/**
 * Begins to write the records and to make the points, one after the other: one pod at a time may write to the
 * repository. A record is removed from its service as soon as the point is made.
 */
export function makePoints(kube: Kube, { services, there, key, say, signal }: MakePoints): Points {
  const records = new Map(services.map(([name]) => [name, newRecord(key)]));
  const written = new Map<string, { at: number; left?: string }>();
  const queue = pLimit(1);
  const each = (work: (service: BackedUpService) => Promise<PointRef>, known: ReadonlyMap<string, PointRef>) =>
    new Map(
      services.map((service) => {
        const found = known.get(service[0]);
        const made = found
          ? Promise.resolve(found)
          : queue(() => {
              signal.throwIfAborted();
              return work(service);
            });
        // Who waits for it hears of its failure.
        made.catch(() => undefined);
        return [service[0], made] as const;
      }),
    );
  const before = each((service) => {
    say(`${service[0]} has no point yet: making one before the record is written`);
    return makePoint(kube, service, say);
  }, there);
  const newest = each(async (service) => {
    const [name] = service;
    await before.get(name);
    say(`${name}: writing a record, and making a point`);
    const at = Date.now();
    written.set(name, { at });
    try {
      await writeRecord(kube, service, records.get(name)!);
      return await makePoint(kube, service, say);
    } finally {
      const left = await takeBack(kube, service, key);
      written.set(name, { at, ...(left !== undefined && { left }) });
    }
  }, new Map());
  return { before, newest, records, written };
}

/** How long a service may take to be ready, in ms, before its record is written. */
const toBeReady = 60_000;

/** The newest good point of each service; absent where there is none. `stack`: `project/stack`. Throws a UserError. */
export async function newestPoints(
  kube: Kube,
  [, { backup }]: BackedUpService,
  stack: string,
): Promise<Map<string, ListedPoint>> {
  const { lines, failed } = await linesOf(kube, backup, { act: "list" });
  if (failed !== undefined) throw new UserError(failed);
  const own = pointsOf(readListed(lines), stack);
  const newest = own.flatMap(({ service }) => newestGood(own.filter((point) => point.service === service)) ?? []);
  return new Map(newest.map((point) => [point.service, point]));
}

/** Makes a point of a service by its own backup job. Throws why there is none. */
async function makePoint(
  kube: Kube,
  [name, { backup, namespace, claims }]: BackedUpService,
  say: (line: string) => void,
): Promise<PointRef> {
  const { lines, failed } = await linesOf(kube, backup, { act: "make" }, (line) => say(`${name}: ${line}`));
  if (failed !== undefined) throw new Error(failed);
  const [, short] = lines.map((line) => /^backed up .*?: point ([0-9a-f]{8})/.exec(line)).find((found) => found) ?? [];
  if (short === undefined) throw new Error(`the backup of ${name} ended well, but named no point`);
  for (const claim of claims.filter(({ ephemeral }) => !ephemeral)) {
    const { metadata } = await kube.core.readNamespacedPersistentVolumeClaim({ name: claim.name, namespace });
    const noted = JSON.parse(metadata?.annotations?.[backedUpAnnotation] ?? "{}") as Partial<PointRef>;
    if (noted.id?.startsWith(short) && noted.at !== undefined) return { id: noted.id, at: noted.at };
  }
  return { id: short, at: new Date().toISOString() };
}

/** A record of the drill's in a service: its key is the run's. */
export const newRecord = (key: string): CheckRecord => ({ key, value: randomBytes(8).toString("hex") });

/** Writes the record through the service's own interface. Throws where the service isn't ready, or doesn't take it. */
async function writeRecord(kube: Kube, [, service]: BackedUpService, record: CheckRecord): Promise<void> {
  const pod = await waitForReadyPod(kube, service, toBeReady);
  await runSteps(kube, service, pod, service.check.write, record);
}

/**
 * Removes the record of an earlier drill, where the service has it. Returns what could not be removed. A service that
 * the drill never came to may not even know where its records would be.
 */
export async function takeBackLeft(kube: Kube, of: BackedUpService, key: string): Promise<string | undefined> {
  const [, service] = of;
  const { list } = service.check;
  const listed = waitForReadyPod(kube, service, toBeReady).then((pod) =>
    runSteps(kube, service, pod, list, { key, value: "" }).catch(() => ""),
  );
  const has = await listed.then((text) => list.length === 0 || text.includes(key)).catch(() => true);
  return has ? takeBack(kube, of, key) : undefined;
}

/** Removes the record from the service. Returns what could not be removed; undefined where nothing is left. */
async function takeBack(kube: Kube, [, service]: BackedUpService, key: string): Promise<string | undefined> {
  try {
    return await removeRecords(kube, service, await waitForReadyPod(kube, service, toBeReady), key);
  } catch (error) {
    return `what the drill wrote (${key}) could not be removed: ${failureOf(error)}`;
  }
}

import pLimit from "p-limit";
import { failureOf, type Kube } from "../../kube/client";
import { byNeeds } from "../verify/all";
import { runSteps, type CheckRecord } from "../verify/steps";
import { announceCopy, removeCopy, restoreCopy, startCopy, type Copies, type Original } from "./copy";
import { assertHas, assertHasNot, brief, type PointRef, type TriedCopy } from "./judge";
import type { Side } from "./names";
import { newRecord } from "./points";

/** How many copies are restored and started at the same time: a small machine has two cores. */
export const atOnce = 3;

export interface CopiesOf {
  side: Side;
  copies: Copies;
  /** The originals by their services' names; absent where one could not be read. */
  originals: ReadonlyMap<string, Original>;
  /** The point of a service, once there is one. */
  pointOf: (service: string) => Promise<PointRef>;
  /** The record that was written to a service after the point before, and before the newest. */
  recordOf: (service: string) => CheckRecord;
  limit: ReturnType<typeof pLimit>;
}

/**
 * Restores, starts and reads the services' copies of one side, each after those that it needs. A copy is removed once
 * no other needs it. Never throws: what a copy came to is in the result, by service.
 */
export async function tryCopies(kube: Kube, run: CopiesOf): Promise<Map<string, TriedCopy>> {
  const { originals, copies, limit, pointOf } = run;
  const results = new Map<string, TriedCopy>();
  const removed = new Set<string>();
  const services = [...originals.values()].map(({ service }) => service);
  const needs = (name: string) => services.filter(([, other]) => other.needs.includes(name)).map(([other]) => other);
  const removeUnneeded = async () => {
    for (const [name] of results) {
      if (removed.has(name) || !needs(name).every((other) => results.has(other))) continue;
      removed.add(name);
      // Its namespace's end removes it too.
      await removeCopy(kube, copies, originals.get(name)!).catch(() => undefined);
    }
  };
  await byNeeds(
    services,
    async ([name, { needs: needed }]) => {
      const result: TriedCopy = { at: 0 };
      try {
        const broken = needed.find((other) => results.get(other)?.error !== undefined || !originals.has(other));
        if (broken !== undefined) throw new Error(`it needs ${broken}, whose copy could not be had`);
        result.point = await pointOf(name);
        const point = result.point;
        await limit(() => tryCopy(kube, run, originals.get(name)!, point, result));
      } catch (error) {
        result.error = failureOf(error);
      }
      results.set(name, { ...result, at: Date.now() });
      await removeUnneeded();
    },
    services.length,
  );
  return results;
}

async function tryCopy(
  kube: Kube,
  { copies, side, recordOf }: CopiesOf,
  original: Original,
  point: PointRef,
  result: TriedCopy,
): Promise<void> {
  copies.signal.throwIfAborted();
  const [name, live] = original.service;
  await restoreCopy(kube, copies, original, point);
  const pod = await startCopy(kube, copies, original);
  await announceCopy(kube, copies, original);
  const service = { ...live, namespace: copies.ground.namespace };
  const record = recordOf(name);
  const read = (of: CheckRecord) => runSteps(kube, service, pod, live.check.read, of);
  if (side === "newest") {
    const answer = await read(record);
    assertHas(point, record, answer);
    result.read = `the record ${record.value}`;
    return;
  }
  // A service may answer that there is no such record by a failure.
  assertHasNot(point, record, await read(record).catch(failureOf));
  // Otherwise a service that answers nothing at all would have proven this.
  const other = newRecord(`${record.key}0`);
  await runSteps(kube, service, pod, live.check.write, other);
  const answer = await read(other);
  if (!answer.includes(other.value)) throw new Error(`its copy doesn't keep what is written to it: ${brief(answer)}`);
}

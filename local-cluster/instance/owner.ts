import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { UserError } from "../../model/user-error";
import { isAlive, readProcess, type Identity } from "./processes";
import type { InstanceRecord } from "./record";

/** This checkout. */
export const CHECKOUT = resolve(__dirname, "../..");

/** This process, as the holder of an instance that is only for a test run. */
export function self(): Identity {
  const { pid, startTime } = readProcess(process.pid)!;
  return { pid, startTime };
}

/**
 * The other checkout that a running instance belongs to. An instance that is not durable belongs to it only while its
 * tests run.
 */
export function otherOwner(record: InstanceRecord, live: boolean): string | undefined {
  if (!live || record.owner === CHECKOUT || !existsSync(join(record.owner, "package.json"))) return undefined;
  if (!record.durable && !(record.holder && isAlive(record.holder))) return undefined;
  return record.owner;
}

/** Throws UserError when another checkout has the instance. */
export function checkOwner(record: InstanceRecord, live: boolean): void {
  const owner = otherOwner(record, live);
  if (!owner) return;
  const way = record.durable
    ? `Stop it first: npm --prefix ${owner} stop`
    : `Its tests are running (process ${record.holder!.pid}): wait until they have ended`;
  throw new UserError(
    `The local cluster "${record.name}" is in use by the checkout ${owner}. Nothing was changed. ${way}`,
  );
}

/** The other checkouts that started a durable instance: the last one first. Its data is theirs as well. */
export function otherCheckouts({ owner, earlier = [], durable }: InstanceRecord): string[] {
  return durable ? [...new Set([owner, ...earlier.toReversed()])].filter((checkout) => checkout !== CHECKOUT) : [];
}

/** What the record says of earlier owners when this checkout starts the instance. */
export function earlierOwners(before: InstanceRecord | undefined): Pick<InstanceRecord, "earlier"> {
  const earlier = before ? otherCheckouts(before).toReversed() : [];
  return earlier.length > 0 ? { earlier } : {};
}

/** Throws UserError where the data is also that of another checkout, running or not, that `of` doesn't name. */
export function checkDeletion(record: InstanceRecord | undefined, of: readonly string[]): void {
  const others = record ? otherCheckouts(record) : [];
  const named = of.map((checkout) => resolve(checkout));
  const unknown = named.find((checkout) => !others.includes(checkout));
  if (unknown !== undefined)
    throw new UserError(
      `The checkout ${unknown} never started this local cluster` +
        `${others.length > 0 ? `; it belongs to ${others.join(" and ")}` : ""}. Nothing was removed`,
    );
  if (others.every((checkout) => named.includes(checkout))) return;
  throw new UserError(
    `The local cluster "${record!.name}" has the data of another checkout: ${others.join(" and ")}. Nothing was ` +
      "removed. If that data is to be deleted too, say whose it is: npm stop -- --delete " +
      others.map((checkout) => `--of ${checkout}`).join(" "),
  );
}

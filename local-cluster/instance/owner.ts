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

import { isAlive } from "../local-cluster/instance/processes";
import { readRecord } from "../local-cluster/instance/record";
import { UserError } from "../model/user-error";

/** Why the local cluster can't run here whatever is installed; undefined where it can. */
export function noLocalCluster(
  platform: NodeJS.Platform = process.platform,
  uid = process.getuid?.(),
): string | undefined {
  if (platform !== "linux") return `the local cluster runs on Linux only, and this is ${platform}`;
  return uid === 0 ? undefined : "the local cluster needs root";
}

/** In a root hook: where the local cluster can't run, every test is skipped, counted, and says why. */
export function skipWithoutLocalCluster(context: Mocha.Context): void {
  const reason = noLocalCluster();
  if (!reason) return;
  let root = context.test!.parent!;
  while (root.parent) root = root.parent;
  root.eachTest((test) => (test.title += ` (skipped: ${reason})`));
  context.skip();
}

/** Throws when another test run, of this checkout too, is using the instance: to begin from nothing would end it. */
export function assertUnused(instance: string): void {
  const record = readRecord(instance);
  const holder = record?.phase === "running" ? record.holder : undefined;
  if (!holder || holder.pid === process.pid || !isAlive(holder)) return;
  throw new UserError(
    `another test run (process ${holder.pid}) is using the local cluster "${instance}"; wait for its end, or ` +
      "set TEST_INSTANCE to another name",
  );
}

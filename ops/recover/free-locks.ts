import * as os from "node:os";
import { UserError } from "../../model/user-error";
import type { Stack } from "../pulumi/stack";
import { judgeLock, readLocks, removeLock, type LockVerdict } from "../pulumi/locks";
import { findProcess } from "../pulumi/process";

export interface FreeOptions {
  say: (line: string) => void;
  /** How long to wait for an update that still runs, in ms; default: not at all. */
  wait?: number;
}

/**
 * Removes the stack's locks when each is a dead process's of this host, and returns how many. Throws a UserError while
 * one is not.
 */
export async function freeLocks(stack: Stack, backend: string, { say, wait = 0 }: FreeOptions): Promise<number> {
  const deadline = Date.now() + wait;
  let verdicts = await judgeLocks(stack, backend);
  let told = false;
  for (let held = verdicts.find(({ free }) => !free); held; held = verdicts.find(({ free }) => !free)) {
    if (Date.now() >= deadline)
      throw new UserError(`stack "${stack.name}" is locked, nothing was changed: ${held.why}`);
    if (!told) say(`waiting for the update that has the stack: ${held.why}`);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    verdicts = await judgeLocks(stack, backend);
  }
  for (const { lock, why } of verdicts) {
    await removeLock(lock);
    say(`freed the lock of ${lock.timestamp.toISOString()}: ${why}`);
  }
  return verdicts.length;
}

async function judgeLocks({ project, name }: Stack, backend: string): Promise<LockVerdict[]> {
  const locks = await readLocks(backend, project, name);
  return Promise.all(locks.map(async (lock) => judgeLock(lock, os.hostname(), await findProcess(lock.pid))));
}

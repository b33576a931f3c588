import type { Stack } from "../pulumi/stack";
import { judgeLocks, removeLock } from "../pulumi/locks";
import { whatGoesOn } from "./lone-plugins";
import { NotYet, waitFor } from "../terminal/wait";

export interface FreeOptions {
  say: (line: string) => void;
  /** How long to wait for an update that still runs, in ms. By default it doesn't wait. */
  wait?: number;
}

/**
 * Removes the stack's locks if each belongs to a dead process of this machine, and returns how many there were. Throws
 * a UserError while any lock doesn't.
 */
export async function freeLocks(stack: Stack, backend: string, { say, wait = 0 }: FreeOptions): Promise<number> {
  let told = false;
  const look = async () => {
    const verdicts = await judgeLocks(backend, stack.project, stack.name);
    const held = verdicts.find(({ free }) => !free)?.why;
    // A dead CLI's plugin that still works has the stack as well.
    const why = held ?? (verdicts.length > 0 ? await whatGoesOn(stack) : undefined);
    if (why === undefined) return verdicts;
    if (wait > 0 && !told) say(`waiting for the update that has the stack: ${why}`);
    told = true;
    throw new NotYet(`stack "${stack.name}" is locked, nothing was changed: ${why}`);
  };
  const verdicts = await waitFor(look, { patience: wait, every: 1_000 });
  for (const { lock, why } of verdicts) {
    await removeLock(lock);
    say(`freed the lock of ${lock.timestamp.toISOString()}: ${why}`);
  }
  return verdicts.length;
}

import { readFileSync } from "node:fs";
import { MoveError } from "../faults";
import { faultOfEnd, restic, resticExit, resticOutput } from "../backup/restic";
import type { CareContext } from "./context";

/** The files with the two passwords of a rotation. */
export interface Passwords {
  next: string;
  former: string;
}

/** By this user of a key, rotations know those that an earlier one has made. */
const user = "cluster-storage";

interface Key {
  current: boolean;
  id: string;
  userName: string;
}

/** Gives the repository the new password beside the old one, and proves that it opens it. Again, it does nothing. */
export async function addPassword(context: CareContext, { next, former }: Passwords): Promise<void> {
  const { task, log, signal } = context;
  if (await opens(context, next)) return log(`the new password opens the repository at ${task.repository} already`);
  const args = ["key", "add", "--password-file", former, "--new-password-file", next, "--user", user];
  const end = await restic([...args, "--host", "rotation", "--retry-lock", "10m"], { signal });
  context.check();
  if (end.code !== resticExit.done) throw faultOfEnd(end, task.repository);
  if (!(await opens(context, next)))
    throw new MoveError(`the repository at ${task.repository} doesn't take the new password; the old one stays`);
  log(`the repository at ${task.repository} takes the new password, and the old one still`);
}

/**
 * Takes the old password's key out of the repository, with those that a rotation has left that was cut off, and proves
 * that the old one opens nothing any more. It begins only once the new one opens the repository.
 */
export async function retirePassword(context: CareContext, { next, former }: Passwords): Promise<void> {
  const { task, log } = context;
  if (!(await opens(context, next)))
    throw new MoveError(`the new password doesn't open the repository at ${task.repository}; the old one stays`);
  if (hasAnother(next))
    throw new MoveError(
      "the stack's Secret has not got the new password, so the old one stays; run the same command again",
    );
  const keys = await keysBy(context, next);
  const left = keys.filter(({ current, userName }) => !current && userName === user).map(({ id }) => id);
  const old = (await opens(context, former))
    ? (await keysBy(context, former)).filter(({ current }) => current).map(({ id }) => id)
    : [];
  const own = keys.find(({ current }) => current)?.id;
  // Two equal passwords have one key.
  for (const id of new Set([...old, ...left])) if (id !== own) await remove(context, next, id);
  if (await opens(context, former))
    throw new MoveError(`the old password still opens the repository at ${task.repository}; run the command again`);
  log(`the old password opens nothing at ${task.repository} any more`);
}

/** Whether what this stack's runs open the repository with is not the new password. */
function hasAnother(next: string): boolean {
  const own = process.env.RESTIC_PASSWORD_FILE;
  return own !== undefined && readFileSync(own, "utf8").trim() !== readFileSync(next, "utf8").trim();
}

async function remove(context: CareContext, next: string, id: string): Promise<void> {
  const { task, signal } = context;
  const end = await restic(["key", "remove", id, "--password-file", next, "--retry-lock", "10m"], { signal });
  context.check();
  if (end.code === resticExit.done) return;
  if (!/\b403\b|forbidden|access ?denied|permission denied/i.test([end.said, ...(end.complaints ?? [])].join("\n")))
    throw faultOfEnd(end, task.repository);
  throw new MoveError(
    `the server of the repository at ${task.repository} lets this login remove no key, so the old password still ` +
      "opens it, beside the new one that is in use. Where its files are: restic -r DIRECTORY key remove " +
      `${id.slice(0, 8)}, ` +
      "with the new password; then the same command again",
  );
}

const keysBy = async ({ task, signal, patience }: CareContext, file: string): Promise<Key[]> =>
  JSON.parse(
    await resticOutput(["key", "list", "--password-file", file, "--no-lock"], task.repository, { signal, patience }),
  ) as Key[];

/** Whether the password in the file opens the repository. Throws where that can't be told. */
async function opens(context: CareContext, file: string): Promise<boolean> {
  const { task, signal, patience } = context;
  const end = await restic(["cat", "config", "--no-lock", "--password-file", file], { signal, patience });
  context.check();
  if (end.code === resticExit.done) return true;
  if (end.code === resticExit.wrongPassword) return false;
  throw faultOfEnd(end, task.repository);
}

import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { UserError } from "../../model/user-error";
import { readCheckpoint } from "./checkpoint";
import { ifThere } from "./if-there";
import { keepState } from "./kept-state";
import { exportState, pulumi, type Stack } from "./stack";
import type { StateExport } from "./state";

/**
 * Throws a UserError where the stack's state is no longer what `read` is, so what was decided by it may be wrong.
 * Every write of the state changes it: the state says when it was written.
 */
export async function assertUnchanged(stack: Stack, read: StateExport): Promise<void> {
  if (isDeepStrictEqual(await exportState(stack), read)) return;
  throw new UserError(
    `somebody else changed the state of stack "${stack.name}" after it was read: nothing was written to the state; ` +
      "run the same command again, which begins with the state as it is now",
  );
}

/**
 * Writes `next` in place of the state that `read` is; the CLI checks it, drops all pending operations, and refuses
 * while an update has the stack. Throws a UserError, with nothing written, where the state is no longer what was read.
 */
export async function replaceState(stack: Stack, read: StateExport, next: StateExport): Promise<void> {
  const before = await checkpointOf(stack);
  await assertUnchanged(stack, read);
  await write(stack, next);
  if (before !== undefined) await noticeLost(stack, before);
}

const write = (stack: Stack, state: StateExport) =>
  pulumi(stack, ["stack", "import", "--stack", stack.name], { input: JSON.stringify(state) });

interface File {
  file: string;
  text: string;
}

async function checkpointOf({ backend, project, name }: Stack): Promise<File | undefined> {
  const found = backend === undefined ? undefined : await readCheckpoint(backend, project, name);
  if (found?.status !== "readable" || found.file.endsWith(".gz")) return undefined;
  const text = await ifThere(readFile(found.file, "utf8"));
  return text === undefined ? undefined : { file: found.file, text };
}

/**
 * The CLI takes the lock only when it writes, a second after the state was compared. A file backend keeps what it
 * replaced: where that isn't what was read, an update came in between, and its state is put back.
 */
async function noticeLost(stack: Stack, { file, text }: File): Promise<void> {
  const replaced = await ifThere(readFile(`${file}.bak`, "utf8"));
  if (replaced === undefined || replaced === text) return;
  const { version, checkpoint } = JSON.parse(replaced) as { version: number; checkpoint: { latest: object } };
  const theirs: StateExport = { version, deployment: checkpoint.latest };
  const kept = await keepState(stack, theirs);
  await write(stack, theirs);
  throw new UserError(
    `somebody else updated stack "${stack.name}" in the moment in which its state was written. Their state was put ` +
      `back, and nothing of this command is in it; a copy of it is ${kept}. Run the same command again`,
  );
}

import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { UserError } from "../../model/user-error";
import { readCheckpoint } from "./checkpoint";
import { ifThere } from "./if-there";
import { keepState } from "./kept-state";
import { exportState, pulumi, type Stack } from "./stack";
import type { Deployment, StateExport } from "./state";

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
  if (before !== undefined) await noticeLost(stack, before, next);
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
 * replaced: where that isn't what was read, an update came in between, and its state is put back. Where the state isn't
 * `next` any more, somebody wrote after this command, which lost nothing, and putting anything back would lose theirs.
 */
async function noticeLost(stack: Stack, { file, text }: File, next: StateExport): Promise<void> {
  // In this order: the file can be `next` only as long as nothing replaced it.
  const replaced = await ifThere(readFile(`${file}.bak`, "utf8"));
  const written = await ifThere(readFile(file, "utf8"));
  if (replaced === undefined || replaced === text || written === undefined) return;
  if (!isDeepStrictEqual(contentOf(stateIn(written)), contentOf(next))) return;
  const theirs = stateIn(replaced);
  const kept = await keepState(stack, theirs);
  await write(stack, theirs);
  throw new UserError(
    `somebody else updated stack "${stack.name}" in the moment in which its state was written. Their state was put ` +
      `back, and nothing of this command is in it; a copy of it is ${kept}. Run the same command again`,
  );
}

function stateIn(text: string): StateExport {
  const { version, checkpoint } = JSON.parse(text) as { version: number; checkpoint: { latest: Deployment } };
  return { version, deployment: checkpoint.latest };
}

/** What of a state stays the same when the CLI writes it, which may encrypt its secrets anew. */
const contentOf = ({ deployment }: StateExport): unknown =>
  JSON.parse(
    JSON.stringify(
      (deployment.resources ?? []).map(({ urn, id = "", inputs = {}, outputs = {} }) => ({ urn, id, inputs, outputs })),
    ),
    (key, value: unknown) => (key === "ciphertext" ? "" : value),
  );

import { UserError } from "../../model/user-error";
import { lastUpdate } from "../pulumi/history";
import { judgeLocks } from "../pulumi/locks";
import { unfinishedMoves } from "../recover/moves";
import { exportState, type Stack } from "../pulumi/stack";
import { readVerification } from "../verify/record";
import { changedSince, readHead, uncommittedFiles } from "./git";
import type { Readiness } from "./readiness";

/**
 * Reads whether the stack may be promoted. `to`: the stack whose file is to be written. Throws a UserError if that
 * can't be found out.
 */
export async function readReadiness(stack: Stack, to: string): Promise<Readiness> {
  await assertUnlocked(stack);
  const [head, uncommitted, update, verified, { deployment }] = await Promise.all([
    readHead(),
    uncommittedFiles([stack.name, to]),
    lastUpdate(stack),
    readVerification(stack),
    exportState(stack),
  ]);
  const since = update?.commit === undefined ? [] : await changedSince(update.commit, stack.name);
  return {
    stack: stack.name,
    head,
    uncommitted,
    update,
    since,
    verified,
    moves: unfinishedMoves(deployment).map(({ move }) => move.job),
  };
}

/**
 * Refuses while a file backend has a lock. Other backends report a lock themselves when they are asked for the state.
 */
export async function assertUnlocked({ name, project, backend }: Stack): Promise<void> {
  const [verdict] = backend === undefined ? [] : await judgeLocks(backend, project, name);
  if (!verdict) return;
  const { free, why } = verdict;
  throw new UserError(
    `stack "${name}" is locked by another run, so nothing was changed: ` +
      `${why}${free ? `; npm run recover -- --stack ${name}` : ""}`,
  );
}

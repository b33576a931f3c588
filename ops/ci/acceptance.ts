import { UserError } from "../../model/user-error";
import { readHead, uncommittedFiles } from "../promote/git";
import type { PullRequest, Run } from "./github-run";

/**
 * The label that accepts that a pull request loses data begins with this. Its rest says for which stack and commit, so
 * that it doesn't count for what is pushed later, nor for a stack that nobody looked at.
 */
const acceptLabel = "accept-data-loss";

/** Digits of a commit in a label, which GitHub lets have 50 characters. */
const digits = 16;
/** With fewer digits, somebody could make another commit that begins with the same ones. */
const fewest = 12;

/** The label that accepts the data loss of one commit on one stack. `commit`: undefined where it isn't known. */
export const labelFor = (stack: string, commit: string | undefined) =>
  `${acceptLabel}:${stack}@${commit?.slice(0, digits) ?? "COMMIT"}`;

/** Whether a label of the pull request accepts that its newest commit loses data of this stack. */
export function accepts(pull: PullRequest | undefined, stack: string): boolean {
  return pull?.labels.some((label) => namesCommit(label, `${acceptLabel}:${stack}@`, pull.commit)) ?? false;
}

/** The labels that accept a loss of data, but of another commit or, since they name neither, of none. */
export function labelsThatDoNotCount(pull: PullRequest | undefined, stack: string): string[] {
  const ours = (label: string) => label === acceptLabel || label.startsWith(`${acceptLabel}:${stack}@`);
  return (pull?.labels ?? []).filter(
    (label) => ours(label) && !namesCommit(label, `${acceptLabel}:${stack}@`, pull?.commit ?? ""),
  );
}

function namesCommit(text: string, prefix: string, commit: string): boolean {
  const named = text.startsWith(prefix) ? text.slice(prefix.length) : "";
  return named.length >= fewest && commit.startsWith(named);
}

/** `STACK@COMMIT` of what is deployed here, for `--accept-data-loss`; without the commit where none is known. */
export async function acceptanceOf(stack: string, here: Run): Promise<string> {
  return `${stack}@${here.commit ?? (await readHead().catch(() => "COMMIT"))}`;
}

/**
 * Whether `--accept-data-loss` was given. Throws a UserError where it accepts for another stack, for another commit
 * than the one that is deployed here, or for files that no commit has, and where a run that had it is started again:
 * GitHub offers that for a month, in which the stack got other data to lose.
 */
export async function readAcceptance(given: string | undefined, stack: string, here: Run): Promise<boolean> {
  if (given === undefined) return false;
  const commit = here.commit ?? (await readHead());
  if (!namesCommit(given, `${stack}@`, commit))
    throw new UserError(
      `--accept-data-loss ${given} doesn't accept what is deployed here, so nothing was changed: that is ` +
        `${stack}@${commit}`,
    );
  if (here.again)
    throw new UserError(
      `--accept-data-loss ${given} was given to this run's first attempt, and what is lost now may be something ` +
        "else, so nothing was changed: look at a new run, and accept what that one shows: gh workflow run deploy.yml",
    );
  const uncommitted = here.automated ? [] : await uncommittedFiles([stack]);
  if (uncommitted.length > 0)
    throw new UserError(
      `--accept-data-loss ${given} accepts a commit, and the checkout has changes that are in none, so nothing was ` +
        `changed: commit ${uncommitted.join(", ")} first`,
    );
  return true;
}

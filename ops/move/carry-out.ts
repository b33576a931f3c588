import type { Progress } from "../../local-cluster/progress";
import { agreed } from "../terminal/ask";
import { UserError } from "../../model/user-error";
import { apply, applyCommand, type Deployment, type DeploymentOptions, previewOf } from "./deployment";
import { changedLines } from "./diff";
import { replaceStackFile } from "./file";
import { jobsOf, type MoveBatch } from "./batch";
import { followJobs, type JobRef } from "./follow";
import { previewLines } from "./preview";

/** What a person reads before the answer. */
export interface EditTexts {
  notes: readonly string[];
  question: string;
  /** What is done after the yes and before anything is changed. Where it throws, nothing is. */
  first?(): Promise<void>;
}

/** Carries a batch of moves out, as an edit of the stack file, and shows how their jobs get on. */
export const carryOutMoves = (
  deployment: Deployment,
  batch: MoveBatch,
  texts: EditTexts,
  options: DeploymentOptions & { yes?: boolean },
  progress: Progress,
): Promise<void> => carryOutEdit(deployment, batch.text, texts, options, progress, jobsOf(batch));

/**
 * Shows what an edit of the stack file changes, asks, writes the file and updates the stack. Nothing is written before
 * a yes: after a no, or after a preview that refuses, the file is unchanged. `jobs`: those that the update creates.
 */
export async function carryOutEdit(
  deployment: Deployment,
  { before, after }: MoveBatch["text"],
  { notes, question, first }: EditTexts,
  options: DeploymentOptions & { yes?: boolean },
  progress: Progress,
  jobs: readonly JobRef[] = [],
): Promise<void> {
  const { file } = deployment;
  const untouched = `${file} is as it was, and so is the cluster`;
  const say = (text: string) => process.stdout.write(`${text}\n`);
  const changes = changedLines(before, after).map((line) => `  ${line}`);
  say([`${file}:`, ...changes].join("\n"));
  const preview = () => progress.step("previewing the change (pulumi preview)", () => previewOf(deployment, after));
  say(previewLines(await refusedWith(untouched, preview)));
  notes.forEach(say);
  await agreed(question, { yes: options.yes, untouched });
  if (first) await refusedWith(untouched, first);
  if (!(await replaceStackFile(file, before, after)))
    throw new UserError(
      `${file} was changed by somebody else meanwhile. Their change is kept, and nothing was deployed; run the same ` +
        "command again",
    );
  await deployAndFollow(deployment, jobs, options, progress);
}

async function refusedWith<T>(untouched: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UserError) throw new UserError(`${error.message}\n${untouched}.`);
    throw error;
  }
}

async function deployAndFollow(
  deployment: Deployment,
  jobs: readonly JobRef[],
  options: DeploymentOptions,
  progress: Progress,
): Promise<void> {
  const ended = new AbortController();
  const following = followJobs(deployment.target.connect(), jobs, progress.info, ended.signal);
  try {
    await apply(deployment, progress);
  } catch (error) {
    ended.abort();
    if (!(error instanceof UserError)) throw error;
    const reasons = await following;
    const way = wayOn(deployment.file, applyCommand(deployment, options.context), jobs.length > 0);
    throw new UserError([error.message, ...new Set(reasons), way].join("\n"));
  } finally {
    ended.abort();
  }
  await following;
}

/**
 * What a person can do about a change that is in the file and not deployed. A return can give up only a change that
 * copies data.
 */
export function wayOn(file: string, again: string, copies: boolean): string {
  const givenUp = copies ? "; npm run move -- … --back --as-it-was gives the move up" : "";
  return `The change stays in ${file}: ${again} continues it${givenUp}.`;
}

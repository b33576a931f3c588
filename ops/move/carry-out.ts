import type { Progress } from "../../local-cluster/progress";
import { agreed } from "../terminal/ask";
import { UserError } from "../../model/user-error";
import { apply, applyCommand, type Deployment, type DeploymentOptions, previewOf } from "./deployment";
import { changedLines } from "./diff";
import { replaceStackFile } from "./file";
import { followJobs, type JobRef } from "./follow";
import { previewLines } from "./preview";

/** A change of a stack's file that is to be shown, asked for and deployed. */
export interface Proposal {
  /** The file's text as it is, and as it would be. */
  before: string;
  after: string;
  /** What the person has to know before the answer. */
  notes: string[];
  question: string;
  /** Jobs that the deployment waits for. */
  jobs: JobRef[];
}

/**
 * Shows what would change, asks, writes the stack's file and deploys it.
 * Until a yes nothing is written: a no, or a preview that refuses, leaves the file as it is.
 */
export async function carryOutMoves(
  deployment: Deployment,
  proposal: Proposal,
  options: DeploymentOptions & { yes?: boolean },
  progress: Progress,
): Promise<void> {
  const { file } = deployment;
  const untouched = `${file} is as it was, and so is the cluster`;
  const say = (text: string) => process.stdout.write(`${text}\n`);
  say(
    `${file}:\n${changedLines(proposal.before, proposal.after)
      .map((line) => `  ${line}`)
      .join("\n")}`,
  );
  const preview = () =>
    progress.step("looking at what it comes to (pulumi preview)", () => previewOf(deployment, proposal.after));
  say(previewLines(await refusedWith(untouched, preview)));
  proposal.notes.forEach(say);
  await agreed(proposal.question, { yes: options.yes, untouched });
  if (!(await replaceStackFile(file, proposal.before, proposal.after)))
    throw new UserError(`${file} was changed by somebody else meanwhile, and is as they left it; nothing was deployed`);
  await deployAndFollow(deployment, proposal.jobs, options, progress);
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
 * What can be done about a change that is in the file and not deployed. Only data that was to be copied has somewhere
 * to go back to.
 */
export function wayOn(file: string, again: string, copies: boolean): string {
  const givenUp = copies ? ", npm run move -- … --back --as-it-was gives it up" : "";
  return `The lines stay in ${file}: ${again} takes it up again${givenUp}.`;
}

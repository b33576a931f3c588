import { readFileSync } from "node:fs";
import { z } from "zod";
import { UserError } from "../../model/user-error";

/** The pull request that a run is for. */
export interface PullRequest {
  number: number;
  labels: string[];
  /** Its newest commit. */
  commit: string;
  /** The pull request is from another repository. Its run has no secrets, and its token can't write. */
  fork: boolean;
}

/** What is known of a run. On a laptop nothing is, unless the variables are set. */
export interface Run {
  pullRequest?: PullRequest;
  /** The address of the run's log. */
  url?: string;
  commit?: string;
  /** The file for Markdown that GitHub shows with the run. */
  summary?: string;
  automated: boolean;
  /** Somebody started the run again, with the event and the inputs that it had the first time. */
  again?: boolean;
}

const event = z.object({
  pull_request: z
    .object({
      number: z.number(),
      labels: z.array(z.object({ name: z.string() })).default([]),
      head: z.object({ sha: z.string(), repo: z.object({ full_name: z.string() }).nullable() }),
      base: z.object({ repo: z.object({ full_name: z.string() }) }),
    })
    .optional(),
});

/**
 * Reads what GitHub Actions tells a step in environment variables. Throws a UserError for an event file that
 * can't be read.
 */
export function readRun(env: NodeJS.ProcessEnv = process.env): Run {
  const { GITHUB_EVENT_PATH: file, GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = env;
  const { pull_request: pull } = file ? readEvent(file) : {};
  return {
    ...(pull && {
      pullRequest: {
        number: pull.number,
        labels: pull.labels.map(({ name }) => name),
        commit: pull.head.sha,
        fork: pull.head.repo?.full_name !== pull.base.repo.full_name,
      },
    }),
    url: server && repository && id ? `${server}/${repository}/actions/runs/${id}` : undefined,
    // For a pull request, GITHUB_SHA is GitHub's trial merge, which no reader knows.
    commit: pull?.head.sha ?? env.GITHUB_SHA,
    summary: env.GITHUB_STEP_SUMMARY,
    automated: env.GITHUB_ACTIONS === "true",
    again: Number(env.GITHUB_RUN_ATTEMPT ?? 1) > 1,
  };
}

function readEvent(file: string): z.infer<typeof event> {
  try {
    return event.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new UserError(
      `the event in ${file} (GITHUB_EVENT_PATH) can't be read: ${(error as Error).message.split("\n")[0]}`,
    );
  }
}

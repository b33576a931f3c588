import type { GitHub } from "./github";
import { redact } from "./redact";

export interface Written {
  what: "created" | "updated" | "unchanged" | "closed" | "nothing";
  url?: string;
}

interface Text {
  id: number;
  number: number;
  body: string | null;
  html_url: string;
  pull_request?: object;
  /** Null where the account is gone. */
  user: { login: string } | null;
}

/**
 * The first line of each comment and issue that we write. We find them again by it and by their author; GitHub doesn't
 * show it. By the line alone, anybody could have us write into a text of theirs, which they can edit.
 */
const markerLine = (id: string) => `<!-- cluster-storage: ${id} -->`;

const isOurs = ({ body, user }: Text, id: string, author: string | undefined) =>
  author !== undefined && user?.login === author && (body?.startsWith(markerLine(id)) ?? false);

/**
 * Writes the one comment of ours with this id under a pull request: replaces its text, or adds a new comment. It adds
 * one also where it can't know which are ours.
 */
export async function putComment(github: GitHub, pull: number, id: string, text: string): Promise<Written> {
  const body = `${markerLine(id)}\n${redact(text)}`;
  const author = await github.author();
  const found = (await github.list<Text>(`issues/${pull}/comments`)).find((comment) => isOurs(comment, id, author));
  if (found?.body === body) return { what: "unchanged", url: found.html_url };
  const { html_url } = found
    ? await github.request<Text>("PATCH", `issues/comments/${found.id}`, { body })
    : await github.request<Text>("POST", `issues/${pull}/comments`, { body });
  return { what: found ? "updated" : "created", url: html_url };
}

/**
 * Writes the one open issue of ours with this id: replaces its text, or opens a new issue. Without a text the issue is
 * closed.
 */
export async function putIssue(github: GitHub, id: string, title: string, text: string | undefined): Promise<Written> {
  const author = await github.author();
  const open = await github.list<Text>("issues?state=open");
  const found = open.find((issue) => !issue.pull_request && isOurs(issue, id, author));
  if (text === undefined) return found ? closeIssue(github, found) : { what: "nothing" };
  const body = `${markerLine(id)}\n${redact(text)}`;
  if (found?.body === body) return { what: "unchanged", url: found.html_url };
  const { html_url } = found
    ? await github.request<Text>("PATCH", `issues/${found.number}`, { body })
    : await github.request<Text>("POST", "issues", { title, body });
  return { what: found ? "updated" : "created", url: html_url };
}

async function closeIssue(github: GitHub, { number, html_url }: Text): Promise<Written> {
  await github.request("PATCH", `issues/${number}`, { state: "closed", state_reason: "completed" });
  return { what: "closed", url: html_url };
}

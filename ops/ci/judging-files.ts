import { escape } from "../impact/markdown";
import type { GitHub } from "./github";

/** What decides what a pull request's comment and checks say: the workflows, the policies, and the commands of CI. */
const judging = [
  /^\.github\//,
  /^policy\//,
  /^ops\/(?:ci|impact|promote|pulumi|terminal)\//,
  /^ops\/commands\/(?:ci-.*|impact)\.ts$/,
  /^ops\/(?:run|install)\.mjs$/,
  /^(?:package|package-lock|promotion|tsconfig|Pulumi|\.gitleaks)\.(?:json|yaml|toml)$/,
  /^\.npmrc$/,
];

/** GitHub lists no more files of a pull request than this. */
const mostFiles = 3_000;
const mostNames = 12;

interface Changed {
  filename: string;
  previous_filename?: string;
}

/**
 * A warning, where a pull request changes what judges it; "" where it doesn't. The warning is from the branch that
 * the pull request goes to, as is the code that asks: the pull request's own code could leave it out.
 */
export async function warnOfJudging(github: GitHub, pull: number): Promise<string> {
  const files = await github.list<Changed>(`pulls/${pull}/files`);
  const names = files.flatMap(({ filename, previous_filename: before }) => (before ? [filename, before] : [filename]));
  const found = names.filter((name) => judging.some((pattern) => pattern.test(name))).sort();
  if (files.length >= mostFiles)
    return `⚠️ This pull request changes so many files that GitHub doesn't list them all. ${toRead}`;
  if (found.length === 0) return "";
  const shown = found.slice(0, mostNames).map((name) => `\`${escape(name)}\``);
  const more = found.length > mostNames ? ` and ${found.length - mostNames} more` : "";
  return `⚠️ This pull request changes what judges it: ${shown.join(", ")}${more}. ${toRead}`;
}

const toRead = "Read those changes before you go by this comment or by the checks.";

import type { Run } from "./github-run";

/** Makes long output of the CLI fit into Markdown that GitHub accepts. */

/** Text in a section that is folded below its heading. The text is in a fence that it can't close. */
export function folded(summary: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `<details><summary>${summary}</summary>\n\n${fence}text\n${text}\n${fence}\n\n</details>`;
}

/**
 * What the CLI printed, without the lines about itself. Of blank lines only those before a part's heading stay: the
 * others depend on which plugins said something meanwhile.
 */
export function tidy(printed: string): string {
  const noise = /^(\s*$|@ |warning: using pulumi-resource-|Previewing |Refreshing )/;
  const text = printed
    .split("\n")
    .filter((line) => !noise.test(line))
    .join("\n");
  return text.replaceAll(/\n(?=(?:Diagnostics|Duration|Outputs|Policies|Policy Packs run):)/g, "\n\n").trim();
}

/** GitHub accepts 65536 characters in a comment. */
export const longestComment = 55_000;

/** The whole lines that fit into `most` characters, then how many are left out and the command that prints them all. */
export function shorten(text: string, command: string, most = longestComment): string {
  if (text.length <= most) return text;
  const kept = text.slice(0, text.lastIndexOf("\n", most));
  const left = text.slice(kept.length + 1).split("\n").length;
  return `${kept}\n… and ${left} more lines: ${command}`;
}

/** The longest text of one stack in an issue, which has room for two such texts. */
export const longestOfStack = 20_000;

/** An issue's text of its parts, with the run's log last. */
export const issueOf = (parts: readonly string[], { url }: Run): string =>
  `${[...parts, ...(url ? [`[log](${url})`] : [])].join("\n\n")}\n`;

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../../ops/pulumi/project";

/** The commands in the shell blocks of a page's section, each in words: what npm runs begins with the script's name. */
export function commandsOf(page: string, section: string): string[][] {
  const text = readFileSync(join(checkout, page), "utf8");
  const [, own = assert.fail(`${page} has no section "${section}"`)] = text.split(`\n## ${section}\n`);
  const blocks = own.split(/^## /m)[0]!.matchAll(/^( *)```bash\n([^]*?)^\1```$/gm);
  return [...blocks].flatMap(([, , block]) =>
    block!.split("\n").flatMap((line) => {
      const command = line.replace(/(^|\s)#.*$/, "").trim();
      return command === "" ? [] : [words(command.replace(/^npm run (\S+)( --)?(?= |$)/, "$1"))];
    }),
  );
}

const words = (command: string) =>
  (command.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map((word) => word.replace(/["']/g, ""));

/** A command without what differs from one run to the next: which stack, service, time or name. */
export const plain = (args: readonly string[]) =>
  args
    .filter((word, i) => !/^--(yes|stack)$/.test(word) && args[i - 1] !== "--stack")
    .map((word, i, all) =>
      /^--(at|into)$/.test(all[i - 1] ?? "") ? "…" : /^(redis|postgres)$/.test(word) ? "SERVICE" : word,
    )
    .join(" ");

/** Fails where a page's section names a command that isn't among those that were run to a good end. */
export function assertFollowed(ran: ReadonlySet<string>, page: string, section: string): void {
  const named = commandsOf(page, section).map(plain);
  assert.ok(named.length > 0, `${page} names no command in "${section}"`);
  assert.deepEqual(
    named.filter((command) => !ran.has(command)),
    [],
  );
}

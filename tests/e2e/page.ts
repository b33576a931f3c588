import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../../ops/pulumi/project";

/** The npm commands in the shell blocks of a page's section, as `plain` has them. */
export function commandsOf(page: string, section: string): string[] {
  const text = readFileSync(join(checkout, page), "utf8");
  const [, own = ""] = text.split(`\n## ${section}\n`);
  const blocks = own.split(/^## /m)[0]!.matchAll(/^```bash\n([^]*?)^```$/gm);
  return [...blocks].flatMap(([, block]) =>
    block!.split("\n").flatMap((line) => {
      const [, command] = /^npm run (.*?)\s*(?:#.*)?$/.exec(line) ?? [];
      return command === undefined ? [] : [plain(words(command.replace(" -- ", " ")))];
    }),
  );
}

const words = (command: string) => (command.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ""));

/** A command without what differs from one run to the next: which service, which time, which name. */
export const plain = (args: readonly string[]) =>
  args
    .filter((word) => word !== "--yes")
    .map((word, i) =>
      /^--(at|into)$/.test(args[i - 1] ?? "") ? "…" : /^(redis|postgres)$/.test(word) ? "SERVICE" : word,
    )
    .join(" ");

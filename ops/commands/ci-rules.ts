import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { readArguments } from "../terminal/args";
import { main } from "../terminal/main";
import { connectGitHub } from "../ci/github";
import { judgeSettings, type Finding, type Wanted } from "../ci/github-rules";
import { readSettings } from "../ci/read-github-rules";
import { committedStacks } from "../ci/stacks";
import { checkout } from "../pulumi/project";

/**
 * `npm run ci:rules`: whether the repository's settings at GitHub keep branches from the stacks' secrets, and how to
 * set what is missing. Exit code 2 where a rule is missing, 1 where one can't be seen with this token. Changes nothing.
 */
async function run(argv: string[]): Promise<number> {
  readArguments(argv, {});
  const findings = judgeSettings(await readSettings(connectGitHub()), wanted());
  findings.forEach((finding) => process.stdout.write(describe(finding)));
  const count = (status: Finding["status"]) => findings.filter((finding) => finding.status === status).length;
  process.stdout.write(
    `\n${count("kept")} of ${findings.length} rules are kept, ` +
      `${count("missing")} missing, ${count("not known")} not known\n`,
  );
  return count("missing") > 0 ? 2 : count("not known") > 0 ? 1 : 0;
}

const signs = { kept: "✓", missing: "✗", "not known": "?" } as const;

function describe({ about, status, why, how }: Finding): string {
  const lines = [...why.map((text) => `    ${text}`), ...how.map((text) => `      ${text}`)];
  return `${[`${signs[status]} ${about}: ${status}`, ...lines].join("\n")}\n`;
}

interface Workflow {
  jobs: Record<string, { name?: string; environment?: string; needs?: string }>;
}

/** What the committed stacks and workflows ask for. */
function wanted(): Wanted {
  const workflow = (file: string) =>
    parse(readFileSync(join(checkout, ".github", "workflows", file), "utf8"), { merge: true }) as Workflow;
  const stacks = committedStacks();
  const { offline, preview } = workflow("pull-request.yml").jobs;
  const names = stacks.map((stack) => (preview?.name ?? "").replace("${{ matrix.stack }}", stack));
  const approved = Object.values(workflow("deploy.yml").jobs).flatMap(({ environment, needs }) =>
    environment !== undefined && needs !== undefined && stacks.includes(environment) ? [environment] : [],
  );
  return { stacks, approved, checks: [offline?.name ?? "offline", ...names] };
}

void main(run);

import { execa } from "execa";
import { z } from "zod";
import { UserError } from "../../model/user-error";
import { readRun } from "../ci/github-run";
import { checkout } from "../pulumi/project";
import { readArguments } from "../terminal/args";
import { main } from "../terminal/main";

const answer = z.object({
  vulnerabilities: z.record(
    z.string(),
    z.object({ severity: z.string(), range: z.string(), fixAvailable: z.unknown().optional() }),
  ),
});
const serious = ["high", "critical"];

/**
 * `npm run ci:audit`: whether a dependency has a known weakness that is high or critical. Exit code 1 where one has. A
 * registry that knows of none, because it has no list of them, is no answer: that fails a workflow, and is only said
 * on a laptop.
 */
async function run(argv: string[]): Promise<number> {
  readArguments(argv, {});
  const { stdout } = await execa("npm", ["audit", "--json", "--package-lock-only"], { cwd: checkout, reject: false });
  const said = parsed(stdout);
  const audited = answer.safeParse(said);
  if (!audited.success) return notKnown(said);
  const found = Object.entries(audited.data.vulnerabilities).filter(([, { severity }]) => serious.includes(severity));
  for (const [name, { severity, range, fixAvailable }] of found)
    process.stdout.write(`${name} ${range}: ${severity}${fixAvailable ? "; npm audit fix mends it" : ""}\n`);
  if (found.length === 0) process.stdout.write("no dependency has a known weakness that is high or critical\n");
  return found.length === 0 ? 0 : 1;
}

function notKnown(said: unknown): number {
  const { message = "it can't be reached" } = z.object({ message: z.string() }).partial().catch({}).parse(said);
  // The rest of the message is the registry's address.
  const why = /^\d{3} [\w ]+(?= - )/.exec(message)?.[0] ?? "no answer";
  const text = `the dependencies are not audited: the registry has no list of weaknesses (${why})`;
  if (readRun().automated) throw new UserError(text);
  process.stdout.write(`skipped: ${text}\n`);
  return 0;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

void main(run);

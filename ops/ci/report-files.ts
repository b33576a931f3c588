import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { UserError } from "../../model/user-error";
import { redact } from "./redact";

/**
 * Writes the report of one step for the step that posts it, without secrets in its text. What the next step goes by
 * stays as it is: a secret that happens to be called like the stack must not take the report away from it.
 */
export async function writeReport<T extends { markdown: string }>(file: string, report: T): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify({ ...report, markdown: redact(report.markdown) }, undefined, 2)}\n`);
}

export async function readReports<T extends { stack: string; markdown: string }>(files: string[]): Promise<T[]> {
  const reports = await Promise.all(files.map((file) => readReport<T>(file)));
  return reports.sort((a, b) => (a.stack < b.stack ? -1 : 1));
}

/** The `expected` stacks, as npm run ci:stacks prints them, for which there is no report. */
export function withoutReport(expected: string | undefined, reports: readonly { stack: string }[]): string[] {
  if (expected === undefined) return [];
  const parsed = z.array(z.string()).safeParse(parsedJson(expected));
  if (!parsed.success)
    throw new UserError(
      `--stacks ${expected} is not a list of stacks as npm run ci:stacks prints it, ` + `so nothing was posted`,
    );
  return parsed.data.filter((name) => !reports.some(({ stack }) => stack === name));
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readReport<T extends { stack: string; markdown: string }>(file: string): Promise<T> {
  try {
    const report = JSON.parse(await readFile(file, "utf8")) as T;
    if (typeof report.stack === "string" && typeof report.markdown === "string") return report;
  } catch {
    // The error below says it, with the file's name.
  }
  throw new UserError(`${file} is not a report of npm run ci:preview, ci:drift or ci:drill, so nothing was posted`);
}

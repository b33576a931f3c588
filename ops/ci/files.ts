import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { UserError } from "../errors";

/** Writes what one step found for the step that posts it. */
export async function writeReport(file: string, report: object): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(report, undefined, 2)}\n`);
}

export async function readReports<T extends { stack: string; markdown: string }>(files: string[]): Promise<T[]> {
  const reports = await Promise.all(files.map((file) => readReport<T>(file)));
  return reports.sort((a, b) => (a.stack < b.stack ? -1 : 1));
}

async function readReport<T extends { stack: string; markdown: string }>(file: string): Promise<T> {
  try {
    const report = JSON.parse(await readFile(file, "utf8")) as T;
    if (typeof report.stack === "string" && typeof report.markdown === "string") return report;
  } catch {
    // Said below, with the file's name.
  }
  throw new UserError(`${file} is no report of npm run ci:preview or ci:drift; nothing was posted`);
}

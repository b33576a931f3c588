import { renderTable } from "../terminal/table";
import type { Impact } from "./types";
import { classOf, countsLine, guardedLine, headline, notesOf, sizeOf, workloadLine } from "./words";

/** The report for a terminal: the result, a row for each volume, the workloads, and the rest as counts. */
export function impactText(impact: Impact): string {
  const { volumes, refusals, guarded, workloads, warnings } = impact;
  const rows = volumes.map((volume) => [
    volume.volume,
    `${volume.atRisk ? "! " : ""}${volume.fate}`,
    sizeOf(volume),
    classOf(volume),
    notesOf(volume),
  ]);
  return [
    headline(impact),
    ...section(
      "refused:",
      refusals.map(({ where, message }) => `${where}: ${message}`),
    ),
    ...(rows.length > 0 ? ["", renderTable(["VOLUME", "", "SIZE", "CLASS", "NOTE"], rows)] : []),
    ...section("also needed by the data:", guarded.map(guardedLine)),
    ...section("workloads:", workloads.map(workloadLine)),
    ...section("warnings:", warnings),
    "",
    `the rest: ${countsLine(impact)}`,
  ].join("\n");
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line.replaceAll("\n", "\n  ")}`)];
}

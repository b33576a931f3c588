import type { Impact, VolumeImpact } from "./types";
import { classOf, countsLine, guardedLine, headline, notesOf, sizeOf, workloadLine } from "./words";

/** A workflow uses this line to find its comment on a stack again. */
const marker = (stack: string) => `<!-- cluster-storage impact ${stack} -->`;

/** The report as a comment on a pull request. Its form must stay as docs/impact.md describes it. */
export function impactMarkdown(impact: Impact): string {
  const { stack, result, refusals, volumes, guarded, workloads, warnings } = impact;
  return [
    marker(stack),
    `### Data impact on \`${stack}\``,
    "",
    `${result === "safe" ? "✅" : "❌"} ${escape(headline(impact))}`,
    ...list(
      "Refused",
      refusals.map(({ where, message }) => `\`${where}\`: ${escape(message)}`),
    ),
    ...table(volumes),
    ...list(
      "Also needed by the data",
      guarded.map((each) => escape(guardedLine(each))),
    ),
    ...list(
      "Workloads",
      workloads.map((each) => escape(workloadLine(each))),
    ),
    ...list("Warnings", warnings.map(escape)),
    "",
    `The rest: ${countsLine(impact)}.`,
  ].join("\n");
}

function table(volumes: readonly VolumeImpact[]): string[] {
  if (volumes.length === 0) return [];
  const rows = volumes.map((volume) => {
    const fate = volume.atRisk ? `**${volume.fate}**` : volume.fate;
    const cells = [`\`${volume.volume}\``, fate, sizeOf(volume), classOf(volume), escape(notesOf(volume))];
    return `| ${cells.join(" | ")} |`;
  });
  return ["", "| volume | | size | class | note |", "|---|---|---|---|---|", ...rows];
}

function list(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", `**${title}**`, "", ...lines.map((line) => `- ${line}`)];
}

/** Names and messages are plain text: none of them may start a cell, a tag or a mention. */
export function escape(text: string): string {
  return text
    .replaceAll("\n", " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll("|", "\\|")
    .replaceAll("@", "@\u200b");
}

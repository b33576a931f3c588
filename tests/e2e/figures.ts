/** What differs from run to run or from machine to machine, and the name that stands for it. */
const figures: [RegExp, string][] = [
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "UUID"],
  [/(stand-in \()?(localhost\/cluster-storage\/|searxng\/searxng:|redis:|node:)[\w./:-]+\)?/g, "IMAGE"],
  // A stand-in is told in a line of its own, and has a check of its own.
  [/^stand-in: .*\n/gm, ""],
  [/^( +)check +: \{\n[^]*?\n\1\}$/gm, "$1check    : CHECK"],
  [/standIn {2}: (true|false)/g, "standIn  : BOOLEAN"],
  [/\b[0-9a-f]{16}\b/g, "VALUE"],
  [/ +\d+\.\d s\b/g, " N s"],
  [/^Duration: .*/gm, "Duration: N s"],
  [/(redis|searxng)-[0-9a-f]{8,10}-[a-z0-9]{5}\b/g, "$1-POD"],
  [/\{context: [^…]*…/g, "{context: …"],
  [/ at [0-9a-f]{7}\b/g, " at COMMIT"],
  // The mover's programs and their version, in a ConfigMap.
  [/(^ +([\w.-]+\.mjs *: ".*"|version +: "[0-9a-f]{64}")\n)+/gm, "                PROGRAMS\n"],
];

/**
 * What a command printed without times, generated values and names, the programs' texts, and images that are made here.
 */
export const withoutFigures = (text: string) =>
  figures.reduce((left, [figure, name]) => left.replaceAll(figure, name), text);

/** Columns two blanks apart, as wide as what stands in them happens to be. */
export const withoutWidths = (text: string) => text.replaceAll(/(?<=\S) {2,}(?=\S)/g, "  ");

/** Sorts what stands in the order in which it was done: the services of a verification, the resources of a preview. */
export function inOrder(text: string): string {
  const verified = text.replaceAll(
    /(^[✓✗] .*\n)+/gm,
    (lines) =>
      `${lines
        .trimEnd()
        .split("\n")
        .sort((a, b) => (a.slice(2) < b.slice(2) ? -1 : 1))
        .join("\n")}\n`,
  );
  const [head = "", ...resources] = verified.split(/^(?= +[-+~]+ [\w.:/]+: \(\w+\))/m);
  const last = resources.pop() ?? "";
  const end = Math.max(0, last.search(/^(?: {4}--outputs:--|Resources:)/m));
  return [head, ...[...resources, last.slice(0, end)].sort(), last.slice(end)].join("");
}

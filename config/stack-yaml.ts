import { parse } from "yaml";
import type { Fault } from "../model/plan";

/** The CLI takes a map with `<<` for the maps that it names, which the YAML library does only when it is asked to. */
export const asPulumiReads = { merge: true } as const;

/** What a stack file says, read as the CLI reads it; null where it is empty. Throws where the text is no YAML. */
export const readStackYaml = (text: string): unknown => parse(text, asPulumiReads);

/**
 * A fault for each key of the project that stands beside `config:` and not below it: the CLI passes over it without a
 * word, so what it says is not done. `file`: as messages name it.
 */
export function strayFaults(stackYaml: unknown, project: string, file: string): Fault[] {
  const keys = typeof stackYaml === "object" && stackYaml !== null ? Object.keys(stackYaml) : [];
  return keys
    .filter((key) => key.startsWith(`${project}:`))
    .map((key) => ({
      path: key.slice(project.length + 1),
      message: `stands beside config: in ${file} and not below it, so it has no effect; indent it below config:`,
    }));
}

import { parse } from "yaml";

/** The CLI takes a map with `<<` for the maps that it names, which the YAML library does only when it is asked to. */
export const asPulumiReads = { merge: true } as const;

/** What a stack file says, read as the CLI reads it; null where it is empty. Throws where the text is no YAML. */
export const readStackYaml = (text: string): unknown => parse(text, asPulumiReads);

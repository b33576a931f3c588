import { parseDocument, isMap, YAMLMap, type Document } from "yaml";

/**
 * Values to lay over a stack's config file. A map is merged into a map, any other value replaces, `undefined` removes.
 */
export type Overrides = { [key: string]: unknown };

/**
 * The stack config file `yaml` with `overrides` laid over its `config:` block. Comments and order are kept. `salt`: the
 * encryption salt that Pulumi wrote into an earlier result, so that secrets stay readable.
 */
export function overrideConfig(yaml: string, overrides: Overrides, salt?: string): string {
  const document = parseDocument(yaml);
  if (!isMap(document.contents)) document.contents = new YAMLMap() as never;
  layOver(document, ["config"], overrides);
  if (salt !== undefined) document.set("encryptionsalt", salt);
  return document.toString();
}

/** The encryption salt in a stack config file, if Pulumi has put one there. */
export function encryptionSalt(yaml: string): string | undefined {
  const salt: unknown = parseDocument(yaml).get("encryptionsalt");
  return typeof salt === "string" ? salt : undefined;
}

function layOver(document: Document, at: string[], values: Overrides): void {
  if (!isMap(document.getIn(at))) document.setIn(at, new YAMLMap());
  for (const [key, value] of Object.entries(values)) {
    const path = [...at, key];
    if (value === undefined) document.deleteIn(path);
    else if (isPlainMap(value)) layOver(document, path, value);
    else document.setIn(path, document.createNode(value));
  }
}

function isPlainMap(value: unknown): value is Overrides {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

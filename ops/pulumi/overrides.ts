import { Document, parseDocument, isMap, visit, YAMLMap } from "yaml";
import { asPulumiReads } from "../../config/stack-yaml";
import { isSealed, placesOf } from "../../model/hidden";

/**
 * Values to lay over a stack's config file. A map is merged into a map, any other value replaces, `undefined` removes.
 */
export type Overrides = { [key: string]: unknown };

/** What a stack has in the place of a secret that was encrypted for another one, and that it can't decrypt. */
const standInSecret = "not-the-real-secret";

/**
 * The stack config file `yaml` with `overrides` laid over its `config:` block. Comments and order are kept. `salt`: the
 * encryption salt that Pulumi wrote into an earlier result, so that secrets stay readable. A secret that was encrypted
 * with anything else becomes a stand-in, because the result is for a stack that can't decrypt it.
 */
export function overrideConfig(yaml: string, overrides: Overrides, salt?: string): string {
  const document = withoutAliases(parseDocument(yaml, asPulumiReads));
  if (!isMap(document.contents)) document.contents = new YAMLMap() as never;
  if (salt === undefined || document.get("encryptionsalt") !== salt) dropSecrets(document);
  layOver(document, ["config"], overrides);
  if (salt !== undefined) document.set("encryptionsalt", salt);
  return document.toString();
}

/** Below an alias nothing can be set: what it stands for may stand elsewhere too. Comments go with the aliases. */
function withoutAliases(document: Document): Document {
  let found = false;
  visit(document, { Alias: () => ((found = true), visit.BREAK) });
  return found ? new Document(document.toJS(), { aliasDuplicateObjects: false }) : document;
}

/** The keys by which Pulumi decrypts a file's secrets are the other stack's too. */
function dropSecrets(document: Document): void {
  for (const place of placesOf(document.toJS(), isSealed)) document.setIn(place, standInSecret);
  for (const key of ["encryptionsalt", "encryptedkey", "secretsprovider"]) document.delete(key);
}

/** The encryption salt in a stack config file, if Pulumi has put one there. */
export function encryptionSalt(yaml: string): string | undefined {
  const salt: unknown = parseDocument(yaml, asPulumiReads).get("encryptionsalt");
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

import { Document, parseDocument, isMap, visit, YAMLMap } from "yaml";
import { asPulumiReads } from "../../config/stack-yaml";
import { isSealed, placesOf } from "../../model/hidden";

/**
 * Values to lay over a stack's config file. A map is merged into a map, any other value replaces, `undefined` removes.
 */
export type Overrides = { [key: string]: unknown };

/** What a stack has in the place of a secret that was encrypted for another one, and that it can't decrypt. */
const standInSecret = "not-the-real-secret";

/** A repository that can't be opened is none: neither it nor the services' own words about their backups stay. */
function dropBackups(document: Document, config: string, section: string): void {
  document.deleteIn([config, section]);
  const services = section.replace(/backups$/, "services");
  const entries = (document.toJS() as Record<string, Record<string, Record<string, unknown>>>)[config]?.[services];
  for (const service of Object.keys(entries ?? {}))
    for (const key of ["backup", "because"]) document.deleteIn([config, services, service, key]);
}

/**
 * The stack config file `yaml` with `overrides` laid over its `config:` block. Comments and order are kept. `salt`: the
 * encryption salt that Pulumi wrote into an earlier result, so that secrets stay readable. A secret that was encrypted
 * with anything else becomes a stand-in, because the result is for a stack that can't decrypt it. Of backups nothing
 * stays then, unless `own`, an earlier result, has these secrets encrypted for it.
 */
export function overrideConfig(yaml: string, overrides: Overrides, salt?: string, own = ""): string {
  const document = withoutAliases(parseDocument(yaml, asPulumiReads));
  if (!isMap(document.contents)) document.contents = new YAMLMap() as never;
  const lost = salt === undefined || document.get("encryptionsalt") !== salt ? dropSecrets(document) : [];
  layOver(document, ["config"], overrides);
  if (salt !== undefined && encryptionSalt(own) === salt) takeOwn(document, own);
  for (const place of lost)
    if (isOfBackups(place) && !isSealed(valueAt(document, place)))
      dropBackups(document, String(place[0]), String(place[1]));
  if (salt !== undefined) document.set("encryptionsalt", salt);
  return document.toString();
}

const isOfBackups = (place: readonly PropertyKey[]) => String(place[1]).endsWith(":backups");

const valueAt = (document: Document, place: readonly PropertyKey[]) =>
  place.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | null | undefined)?.[key],
    document.toJS(),
  );

/**
 * Puts what opens the backups' repository where `own` has it, into a document that has backups. What the document can
 * read itself stays: it is newer, as after `npm run rotate -- backups`. A password of before is nothing to go on with.
 */
function takeOwn(document: Document, own: string): void {
  const earlier = parseDocument(own, asPulumiReads);
  for (const place of placesOf(earlier.toJS(), isSealed).filter(isOfBackups))
    if (isMap(document.getIn(place.slice(0, 2))) && isWanted(document, place))
      document.setIn(place, document.createNode(valueAt(earlier, place)));
}

const isWanted = (document: Document, place: readonly PropertyKey[]) =>
  !isSealed(valueAt(document, place)) && place.at(-1) !== "formerPassword";

/** Below an alias nothing can be set: what it stands for may stand elsewhere too. Comments go with the aliases. */
function withoutAliases(document: Document): Document {
  let found = false;
  visit(document, { Alias: () => ((found = true), visit.BREAK) });
  return found ? new Document(document.toJS(), { aliasDuplicateObjects: false }) : document;
}

/**
 * The keys by which Pulumi decrypts a file's secrets are the other stack's too. Returns where there was a secret, each
 * as the keys that lead to it.
 */
function dropSecrets(document: Document): PropertyKey[][] {
  const places = placesOf(document.toJS(), isSealed);
  for (const place of places) document.setIn(place, standInSecret);
  for (const key of ["encryptionsalt", "encryptedkey", "secretsprovider"]) document.delete(key);
  return places;
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

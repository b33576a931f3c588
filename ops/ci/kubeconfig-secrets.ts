import { parseAllDocuments, type Document } from "yaml";

/** Finds what is secret in a kubeconfig, in any notation: YAML or JSON, keys with hyphens or in camel case. */

/** What of a user is no secret. Everything else is taken for one: plugins have keys that nobody can know. */
const open = [
  "name",
  "username",
  "command",
  "apiversion",
  "interactivemode",
  "provideclusterinfo",
  "installhint",
  "as",
];

/** What is secret beside users, wherever it stands. */
const secretKey = /token|password|secret|key|data|credential/;

/** The secret texts of a kubeconfig; none where it can't be read. */
export function kubeconfigSecrets(text: string): string[] {
  return parseAllDocuments(text).flatMap((document) => below(valueOf(document), "", false));
}

function valueOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: -1 }) ?? null;
  } catch {
    return null; // An alias of nothing.
  }
}

const plainForm = (key: string) => key.toLowerCase().replaceAll(/[-_]/g, "");

function below(value: unknown, key: string, secret: boolean): string[] {
  const form = plainForm(key);
  // A context only names its user.
  const user = form === "users" || (form === "user" && typeof value === "object");
  const hidden = user || (secret && !open.includes(form)) || secretKey.test(form);
  if (typeof value === "string") return hidden ? partsOf(value) : [];
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => below(item, key, secret));
  // In a plugin's variable the key that matters is the value of `name`.
  const entries = Object.entries(value);
  return entries.flatMap(([name, item]) => below(item, name, hidden));
}

/** An argument such as `--token=VALUE` is secret as a whole and from the sign on; an option's bare name is not. */
function partsOf(value: string): string[] {
  const text = value.trim();
  const [, assigned] = /^-{1,2}[\w-]+=([^]*)$/.exec(text) ?? [];
  if (assigned !== undefined) return [assigned];
  return /^-{1,2}[\w-]+$/.test(text) ? [] : [text];
}

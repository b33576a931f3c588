import { parseAllDocuments } from "yaml";

/** Variables whose values must not be printed or posted. A backend's address may contain a password. */
const secret = /TOKEN|PASSPHRASE|PASSWORD|SECRET|CREDENTIAL|KUBECONFIG|_KEY$/;
const address = /^PULUMI_BACKEND_URL$/;

/** The keys of credentials in a kubeconfig. The values are found in any YAML notation. */
const credentials = [
  "token",
  "password",
  "client-key-data",
  "client-certificate-data",
  "certificate-authority-data",
  "id-token",
  "refresh-token",
  "access-token",
  "client-secret",
];

/** Shorter values, such as "true", are not redacted, because they are part of innocent words. */
const shortest = 8;

/** The text without the values of the environment's secrets, whichever program printed them. */
export function redact(text: string, env: NodeJS.ProcessEnv = process.env): string {
  return secretsOf(env).reduce((clean, value) => clean.replaceAll(value, "[secret]"), text);
}

function secretsOf(env: NodeJS.ProcessEnv): string[] {
  const values = Object.entries(env).flatMap(([name, value = ""]) => {
    if (address.test(name)) return passwordOf(value);
    if (!secret.test(name) || name.endsWith("_FILE") || isPath(name, value)) return [];
    return [value.trim(), ...(name.endsWith("KUBECONFIG") ? credentialsOf(value) : [])];
  });
  // Longer values come first, because one value may be part of another.
  return [...new Set(values)].filter(({ length }) => length >= shortest).sort((a, b) => b.length - a.length);
}

/**
 * Whether the value is a file's path and not a secret. KUBECONFIG names files, and a cloud's CREDENTIALS may name one.
 * Other secrets may begin like a path.
 */
const isPath = (name: string, value: string) =>
  name === "KUBECONFIG" || (name.endsWith("CREDENTIALS") && /^[/~.]/.test(value));

function credentialsOf(kubeconfig: string): string[] {
  return parseAllDocuments(kubeconfig).flatMap((document) => {
    const found: string[] = [];
    JSON.stringify(document.toJS({ maxAliasCount: -1 }) ?? null, (key, value: unknown) => {
      if (credentials.includes(key) && typeof value === "string") found.push(value.trim());
      return value;
    });
    return found;
  });
}

function passwordOf(url: string): string[] {
  const password = URL.canParse(url) ? new URL(url).password : "";
  return [
    password,
    password.replaceAll(/(?:%[0-9a-f]{2})+/gi, (bytes) => Buffer.from(bytes.replaceAll("%", ""), "hex").toString()),
  ];
}

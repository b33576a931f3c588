import { parseAllDocuments } from "yaml";

/** Variables whose values may not be in anything that is printed or posted: a backend's address may hold a password. */
const secret = /TOKEN|PASSPHRASE|PASSWORD|SECRET|CREDENTIAL|KUBECONFIG|_KEY$/;
const address = /^PULUMI_BACKEND_URL$/;

/** Keys of what stands in a kubeconfig's credentials, in whichever of YAML's ways it is written. */
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

/** Shorter values, such as "true", would be taken out of innocent words. */
const shortest = 8;

/** The text without the values of the environment's secrets, whatever printed them. */
export function redact(text: string, env: NodeJS.ProcessEnv = process.env): string {
  return secretsOf(env).reduce((clean, value) => clean.replaceAll(value, "[secret]"), text);
}

function secretsOf(env: NodeJS.ProcessEnv): string[] {
  const values = Object.entries(env).flatMap(([name, value = ""]) => {
    if (address.test(name)) return passwordOf(value);
    if (!secret.test(name) || name.endsWith("_FILE") || isPath(name, value)) return [];
    return [value.trim(), ...(name.endsWith("KUBECONFIG") ? credentialsOf(value) : [])];
  });
  // The longer ones first: one may be part of another.
  return [...new Set(values)].filter(({ length }) => length >= shortest).sort((a, b) => b.length - a.length);
}

/**
 * kubectl's own variable names files, and the clouds' credentials may be one; a secret of another kind may begin alike.
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

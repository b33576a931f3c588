/** Variables whose values may not be in anything that is printed or posted. */
const secret = /TOKEN|PASSPHRASE|PASSWORD|SECRET|KUBECONFIG/;

/** What stands in a kubeconfig's credentials. */
const credential = /^\s*(?:token|password|client-key-data|client-certificate-data|certificate-authority-data|id-token|refresh-token):\s*"?([^\s"]+)"?\s*$/gm;

/** Shorter values, such as "true", would be taken out of innocent words. */
const shortest = 8;

/** The text without the values of the environment's secrets, whatever printed them. */
export function redact(text: string, env: NodeJS.ProcessEnv = process.env): string {
  return secretsOf(env).reduce((clean, value) => clean.replaceAll(value, "[secret]"), text);
}

function secretsOf(env: NodeJS.ProcessEnv): string[] {
  const values = Object.entries(env).flatMap(([name, value = ""]) => {
    if (!secret.test(name) || name.endsWith("_FILE") || value.startsWith("/")) return [];
    return [value.trim(), ...[...value.matchAll(credential)].map(([, inner]) => inner!)];
  });
  // The longer ones first: one may be part of another.
  return [...new Set(values)].filter(({ length }) => length >= shortest).sort((a, b) => b.length - a.length);
}

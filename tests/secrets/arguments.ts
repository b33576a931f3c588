/** Finds secrets in the arguments of programs, where every process list shows them. */

/** A container's variable, as its manifest has it. */
export interface Variable {
  name: string;
  value?: string;
  valueFrom?: { secretKeyRef?: object };
}

/** A password has no place beside these, wherever it comes from. */
const option = /^--?(pass|password|requirepass|auth|token|api-?key|secret)(=|$)/i;

/** These run in the shell itself, so their arguments are in no process list. */
const builtins = /^(printf|echo|test|\[|case|read|export|unset|:)(\s|$)/;

const files = /\/run\/secrets\//;

/**
 * What of a command has a secret in its arguments, each as the part of the script; nothing where all is well. `env`:
 * the variables that the command runs with.
 */
export function secretArguments(command: readonly string[], env: readonly Variable[]): string[] {
  const secret = new Set(env.filter(({ valueFrom }) => valueFrom?.secretKeyRef).map(({ name }) => name));
  // Kubernetes puts one variable into another.
  for (const { name, value = "" } of env)
    if ([...secret].some((other) => value.includes(`$(${other})`))) secret.add(name);
  const paths = env.filter(({ value = "" }) => files.test(value)).map(({ name }) => name);
  const direct = command.filter((word) => option.test(word) || [...secret].some((name) => word.includes(`$(${name})`)));
  const [shell = "", flag, script = ""] = command;
  return /(^|\/)(ba|da)?sh$/.test(shell) && flag === "-c" ? [...direct, ...inScript(script, secret, paths)] : direct;
}

function inScript(whole: string, secret: Set<string>, paths: readonly string[]): string[] {
  // What a program reads from a document in the script is no argument.
  const script = whole.replaceAll(/(<<-?\s*'?(\w+)'?[^\n]*)\n[^]*?\n\s*\2(?=\n|$)/g, "$1");
  const reads = new RegExp(`cat\\s+"?(${["/run/secrets/", ...paths.map((path) => `\\$\\{?${path}\\b`)].join("|")})`);
  const tainted = (text: string) =>
    reads.test(text) || [...secret].some((name) => new RegExp(`\\$\\{?${name}\\b`).test(text));
  for (let before = -1; before !== secret.size;) {
    before = secret.size;
    for (const [, name = "", value = ""] of script.matchAll(/(\w+)=((?:"[^"]*"|\$\([^\n]*\)|\S)+)/g))
      if (tainted(value)) secret.add(name);
  }
  const parts = script
    .split(/\n|;|&&|\|\|?|\$\(|`/)
    .map((part) => part.replace(/^[\s!({]*((then|do|else|if|while|until|exec)\s+)*/, ""));
  return parts.filter(
    (part) => part.split(/\s+/).some((word) => option.test(word)) || (tainted(part) && !hides(part, tainted)),
  );
}

/** Whether a part of a script keeps the secret to the shell: as a variable's new value, or for a builtin. */
function hides(part: string, tainted: (text: string) => boolean): boolean {
  if (reading(part)) return false;
  const words = part.replace(/^export\s+/, "").match(/(?:"[^"]*"|'[^']*'|\S)+/g) ?? [];
  const program = words.findIndex((word) => !/^\w+=/.test(word));
  const rest = program < 0 ? "" : words.slice(program).join(" ");
  return rest === "" || builtins.test(rest) || !tainted(rest);
}

/** `cat FILE` prints a secret into the argument that it stands in. */
const reading = (part: string) => /^cat\s/.test(part);

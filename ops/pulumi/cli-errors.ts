import { UserError } from "../../model/user-error";

interface Known {
  pattern: RegExp;
  say: (stack: { name: string }, match: RegExpExecArray) => string;
}

/** What the Pulumi CLI says, and what a person can do about it. */
const known: Known[] = [
  {
    pattern: /incorrect passphrase/,
    say: ({ name }) =>
      `stack "${name}": wrong passphrase (PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE); nothing ` +
      "was changed",
  },
  {
    pattern: /passphrase must be set|constructing secrets manager of type "passphrase"/,
    say: ({ name }) =>
      `stack "${name}": its secrets need a passphrase; set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE`,
  },
  {
    pattern: /no stack named '([^']*)' found/,
    say: (_stack, match) => `no stack named "${match[1]}"; pulumi stack ls lists the stacks of your login`,
  },
  {
    pattern: /PULUMI_ACCESS_TOKEN must be set|not logged in|invalid access token/i,
    say: () => "not logged in to Pulumi: pulumi login, or set PULUMI_BACKEND_URL",
  },
  {
    pattern: /currently locked by (\d+) lock|Another update is currently in progress/,
    say: ({ name }) =>
      `stack "${name}" is locked by another update; if that update is dead: npm run recover -- --stack ${name}`,
  },
];

/**
 * The error of a failed run of the Pulumi CLI, as a person should read it: a known fault in one line, any other with
 * the CLI's own diagnostics.
 */
export function describeCliError(
  error: { code?: string; all?: string; stderr?: string; shortMessage?: string },
  stack: { name: string },
): UserError {
  if (error.code === "ENOENT") return new UserError("the Pulumi CLI (pulumi) is not on PATH");
  const printed = error.all ?? error.stderr ?? "";
  for (const { pattern, say } of known) {
    const match = pattern.exec(printed);
    if (match) return new UserError(say(stack, match));
  }
  return new UserError(`stack "${stack.name}": ${diagnostics(printed) || error.shortMessage}`);
}

/** The part of an update's output that says what went wrong, without progress and summary. */
export function diagnostics(printed: string): string {
  const said = jsonDiagnostics(printed);
  if (said) return said;
  const start = printed.indexOf("Diagnostics:");
  if (start >= 0) {
    const end = printed.slice(start).search(/\n(Outputs|Resources):/);
    return printed
      .slice(start, end < 0 ? undefined : start + end)
      .replaceAll(/^ *warning: using pulumi-resource-\S+ from \$PATH at .*\n/gm, "")
      .trim();
  }
  const errors = printed.split("\n").filter((line) => /^\s*error:/.test(line));
  return (errors.length > 0 ? errors.join("\n") : printed).trim();
}

/** With --json the diagnostics are in the JSON answer; "" where there are none. */
function jsonDiagnostics(printed: string): string {
  const said = [...printed.matchAll(/^\s+"message": (".*"),?$/gm)].map(([, text = '""']) =>
    (JSON.parse(text) as string).trim(),
  );
  return said.filter((line) => line.startsWith("error: ")).join("\n") || said.join("\n");
}

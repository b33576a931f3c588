import { parseArgs } from "node:util";
import { UserError } from "../../model/user-error";
import { didYouMean } from "../../model/nearest";

/**
 * `true` stands for a switch. `"NAME"` stands for an option with a value, which the usage line calls NAME. `["NAME"]`
 * may be given several times.
 */
export type OptionKinds = Record<string, true | string | readonly [string]>;

type Values<K extends OptionKinds> = {
  [N in keyof K]?: K[N] extends true ? boolean : K[N] extends string ? string : string[];
};

export interface Arguments<K extends OptionKinds> {
  options: Values<K>;
  operands: string[];
}

/**
 * Reads a command's arguments. `operands` names what may stand beside the options ("SERVICE"); without it, nothing may.
 * Throws a UserError of one line for a missing value, and for an unknown argument, with the nearest name.
 */
export function readArguments<const K extends OptionKinds>(argv: string[], kinds: K, operands?: string): Arguments<K> {
  const options = Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => [
      name,
      { type: kind === true ? ("boolean" as const) : ("string" as const) },
    ]),
  );
  const { tokens } = parseArgs({ args: argv, options, strict: false, allowPositionals: true, tokens: true });
  const found: Record<string, string | boolean | string[]> = {};
  const rest: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") rest.push(token.value);
    if (token.kind !== "option") continue;
    const value = optionValue(token, kinds);
    found[token.name] = Array.isArray(kinds[token.name])
      ? [...((found[token.name] as string[] | undefined) ?? []), value as string]
      : value;
  }
  if (operands === undefined && rest.length > 0) {
    throw new UserError(`unexpected argument "${rest[0]}"; ${usage(kinds, operands)}`);
  }
  return { options: found as Values<K>, operands: rest };
}

function optionValue(token: { name: string; rawName: string; value?: string }, kinds: OptionKinds): string | boolean {
  const kind = Object.hasOwn(kinds, token.name) ? kinds[token.name] : undefined;
  if (kind === undefined) {
    throw new UserError(`unknown option ${token.rawName}${didYouMean(token.rawName, names(kinds))}; ${usage(kinds)}`);
  }
  if (kind === true) {
    if (token.value !== undefined) throw new UserError(`${token.rawName} takes no value`);
    return true;
  }
  if (!token.value || token.value.startsWith("-"))
    throw new UserError(`${token.rawName} needs a value: ${token.rawName} ${kind}`);
  return token.value;
}

const names = (kinds: OptionKinds) => Object.keys(kinds).map((name) => `--${name}`);

function usage(kinds: OptionKinds, operands?: string): string {
  const known = Object.entries(kinds).map(([name, kind]) =>
    kind === true ? `--${name}` : `--${name} ${String(kind)}`,
  );
  const all = operands === undefined ? known : [`${operands} …`, ...known];
  return all.length === 0 ? "it takes none" : `known: ${all.join(", ")}`;
}

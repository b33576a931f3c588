import { z } from "zod";
import { suggest } from "../model/nearest";

/**
 * Building blocks of the schemas of the stack config. Each block states in its own words what is wrong with a value, so
 * that zod's messages never reach a person. It also states its JSON Schema.
 */

/** The JSON Schema of a value that zod can't look into. */
type JsonForm = Record<string, unknown>;

/** A value as messages show it: text in quotes, anything else as JSON. */
export const show = (value: unknown): string => JSON.stringify(value) ?? String(value);

/** A value as text to compare. `String` throws for a map with a key `toString`. */
export const plain = (value: unknown): string => (typeof value === "string" ? value : show(value));

/** An object that refuses unknown keys. Each refusal names the nearest known key. */
export function object<Shape extends z.ZodRawShape>(shape: Shape) {
  const keys = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === "unrecognized_keys")
        return issue.keys.map((key) => `unknown key; ${suggest(key, keys)}`).join("\n");
      return `must be an object, not ${show(issue.input)}; its keys are ${keys.join(", ")}`;
    },
  });
}

/**
 * An object with keys of the user's choice. `keys`: the form of the keys, for editors. `fault` says what is wrong with
 * a key; without it the caller checks them.
 */
export function record<Value>(
  value: z.ZodType<Value>,
  keys?: RegExp,
  fault: (key: string) => string | undefined = () => undefined,
) {
  const all = z.record(z.string(), value, { error: (issue) => `must be an object, not ${show(issue.input)}` });
  const of = all.superRefine((entries, context) => {
    for (const key of Object.keys(entries)) {
      const message = fault(key);
      if (message) context.addIssue({ code: "custom", path: [key], message });
    }
  });
  return keys ? of.meta({ propertyNames: { pattern: keys.source } }) : of;
}

export function list<Item>(item: z.ZodType<Item>) {
  return z.array(item, { error: (issue) => `must be a list, not ${show(issue.input)}` });
}

/** A list with at least one item. `what` says what to name. */
export function filledList<Item>(item: z.ZodType<Item>, what: string) {
  return list(item).min(1, { error: () => `is empty; ${what}` });
}

/** A value with a rule of its own: `fault` says what is wrong with it, or undefined. `json`: the rule, for editors. */
export function checked<Value>(json: JsonForm, fault: (value: unknown) => string | undefined): z.ZodType<Value> {
  const schema = z.unknown().superRefine((value, context) => {
    const message = value === undefined ? "is missing" : fault(value);
    if (message) context.addIssue({ code: "custom", message });
  });
  return schema.meta(json) as unknown as z.ZodType<Value>;
}

/** Text with a rule of its own. */
export function text(fault: (value: string) => string | undefined = () => undefined, json: JsonForm = {}) {
  return checked<string>({ type: "string", ...json }, (value) =>
    typeof value === "string" ? fault(value) : textFault(value),
  );
}

/** What is wrong with a value that has to be text; undefined for any text. */
export function textFault(value: unknown): string | undefined {
  if (typeof value === "string") return undefined;
  const quoted = ["number", "boolean"].includes(typeof value) ? "; put it in quotes" : "";
  return `must be text, not ${show(value)}${quoted}`;
}

/** Text that matches one pattern. `otherwise` says what is wrong with any other text. */
export const matching = (form: RegExp, otherwise: (value: string) => string) =>
  text((value) => (form.test(value) ? undefined : otherwise(value)), { pattern: form.source });

export const nonEmpty = (what: string) => matching(/\S/, () => `is empty; ${what}`);

const alternatives = new WeakMap<z.core.$ZodType, readonly [z.ZodType, z.ZodType]>();

/** The two forms of a value that `textOr` made; undefined for any other schema. */
export const alternativesOf = (schema: z.core.$ZodType) => alternatives.get(schema);

/**
 * A text is checked by the first form and anything else by the second, so the faults are those of
 * the form that was meant.
 */
export function textOr<Text, Other>(short: z.ZodType<Text>, long: z.ZodType<Other>): z.ZodType<Text | Other> {
  const schema = z.unknown().transform((value, context) => {
    const result = typeof value === "string" ? short.safeParse(value) : long.safeParse(value);
    if (result.success) return result.data;
    context.issues.push(...result.error.issues.map((issue) => ({ ...issue, input: value }) as z.core.$ZodRawIssue));
    return z.NEVER;
  });
  alternatives.set(schema, [short, long]);
  return schema as unknown as z.ZodType<Text | Other>;
}

export const flag = z.boolean({ error: (issue) => `must be true or false, not ${show(issue.input)}` });

/** A whole number within bounds. */
export function count(least: number, most: number) {
  return checked<number>({ type: "integer", minimum: least, maximum: most }, (value) =>
    typeof value === "number" && Number.isInteger(value) && value >= least && value <= most
      ? undefined
      : `must be a whole number from ${least} to ${most}, not ${show(value)}` +
        (inQuotes(value) ? "; leave the quotes out" : ""),
  );
}

/** A number that YAML reads as text. */
const inQuotes = (value: unknown) => typeof value === "string" && /^[0-9]+$/.test(value);

export function oneOf<const Names extends readonly [string, ...string[]]>(names: Names) {
  return z.enum(names, { error: (issue) => `${show(issue.input)} is unknown; ${suggest(plain(issue.input), names)}` });
}

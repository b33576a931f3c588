import { z } from "zod";
import { suggest } from "../model/nearest";
import { bytes } from "../model/quantity";

/** Field types of the stack config: units, forms and what to say where they are broken. */

/** An object whose unknown keys are refused, each with the nearest known one. */
export function object<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === "unrecognized_keys")
        return issue.keys.map((key) => `unknown key; ${suggest(key, Object.keys(shape))}`).join("\n");
      return issue.code === "invalid_type" ? `has to be an object with ${Object.keys(shape).join(", ")}` : undefined;
    },
  });
}

function quantityFault(value: unknown, unit: string): string | undefined {
  const text = String(value);
  if (/^-/.test(text)) return `"${text}" is negative; a size is for instance 10${unit}`;
  if (/^[0-9]+(\.[0-9]+)?$/.test(text)) return `"${text}" has no unit; did you mean ${text}${unit}?`;
  if (bytes(text) === undefined)
    return `"${text}" is no size; write a number with a unit (Ki, Mi, Gi, Ti), for instance 10${unit}`;
  return bytes(text) === 0 ? `"${text}" is nothing; a size is for instance 10${unit}` : undefined;
}

/** A value with a rule of its own: `fault` says what is wrong with it, or undefined. */
function checked(fault: (value: unknown) => string | undefined) {
  return z.unknown().superRefine((value, context) => {
    const message = value === undefined ? "is missing" : fault(value);
    if (message) context.addIssue({ code: "custom", message });
  });
}

function text(fault: (value: string) => string | undefined) {
  return checked((value) =>
    typeof value === "string" ? fault(value) : `${JSON.stringify(value)} is no text`,
  ) as unknown as z.ZodType<string>;
}

/** Storage with its unit, more than nothing. */
export const size = checked((value) => quantityFault(value, "Gi")) as unknown as z.ZodType<string>;

/** Memory with its unit, more than nothing. */
export const memory = checked((value) => quantityFault(value, "Mi")) as unknown as z.ZodType<string>;

export const cpu = checked((value) =>
  /^([0-9]+m|[0-9]+(\.[0-9]+)?)$/.test(String(value)) && Number.parseFloat(String(value)) > 0
    ? undefined
    : `"${String(value)}" is no amount of CPU; write cores (0.5) or thousandths of one (500m)`,
).transform(String) as unknown as z.ZodType<string>;

/** Names of namespaces and claims: a DNS label. */
export const dnsLabel = text((value) =>
  /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(value)
    ? undefined
    : `"${value}" is refused by Kubernetes; use at most 63 lower-case letters, digits and "-", with a letter or ` +
      "digit at both ends",
);

function dnsNameFault(value: string): string | undefined {
  if (value.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(value))
    return undefined;
  return (
    `"${value}" is refused by Kubernetes; use at most 253 lower-case letters, digits, "-" and ".", with a ` +
    "letter or digit at both ends"
  );
}

/** Names of classes and nodes: DNS labels joined by dots. */
export const dnsName = text(dnsNameFault);

/** A class's name, or "" for volumes that are made by hand. */
export const className = text((value) => (value === "" ? undefined : dnsNameFault(value)));

const imageForm = /^[a-z0-9.:_/-]+?(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;

/** An image reference that always means the same image: with a tag other than latest, or a digest. */
export const image = text((value) => {
  const form = imageForm.exec(value);
  if (!form) return `"${value}" is no image reference; one is for instance redis:7.4.11-bookworm`;
  const tag = /:([A-Za-z0-9_][A-Za-z0-9_.-]*)$/.exec(value.replace(/@.*/, "").replace(/^.*\//, ""))?.[1];
  if (!value.includes("@") && tag === undefined) return `"${value}" has no tag, so it changes by itself; pin a version`;
  return tag === "latest" ? `"${value}" is latest, which changes by itself; pin a version` : undefined;
});

/** A directory on the nodes: absolute, normal, and not the root. */
export const nodePath = text((value) => {
  if (!value.startsWith("/")) return `"${value}" is relative; a path on the nodes begins with /`;
  if (/^\/+$/.test(value))
    return `"/" is the node's whole file system; name a directory of its own, for instance /var/mnt/local-path`;
  if (
    value
      .split("/")
      .slice(1)
      .some((part) => ["", ".", ".."].includes(part))
  ) {
    return `"${value}" is not normal; write it without "//", ".", ".." and a "/" at its end`;
  }
  return /^[A-Za-z0-9/._-]+$/.test(value)
    ? undefined
    : `"${value}" has characters other than letters, digits, "/", ".", "_" and "-"`;
});

/** A text in one form, anything else in the other: the faults are those of the form that was meant. */
export function textOr<Text, Other>(short: z.ZodType<Text>, long: z.ZodType<Other>): z.ZodType<Text | Other> {
  return z.unknown().transform((value, context) => {
    const result = typeof value === "string" ? short.safeParse(value) : long.safeParse(value);
    if (result.success) return result.data;
    context.issues.push(...result.error.issues.map((issue) => ({ ...issue, input: value }) as z.core.$ZodRawIssue));
    return z.NEVER;
  }) as unknown as z.ZodType<Text | Other>;
}

export const flag = z.boolean({ error: (issue) => `${JSON.stringify(issue.input)} is neither true nor false` });

export function count(least: number, most: number) {
  return z
    .number({ error: (issue) => `${JSON.stringify(issue.input)} is no number` })
    .refine((value) => Number.isInteger(value) && value >= least && value <= most, {
      error: (issue) => `${String(issue.input)} is not a whole number from ${least} to ${most}`,
    });
}

export function list<Item>(item: z.ZodType<Item>) {
  return z.array(item, { error: (issue) => `${JSON.stringify(issue.input)} is no list` });
}

export function oneOf<const Names extends readonly [string, ...string[]]>(names: Names) {
  return z.enum(names, {
    error: (issue) => `${JSON.stringify(issue.input)} is unknown; ${suggest(String(issue.input), names)}`,
  });
}

export const accessMode = oneOf(["ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany", "ReadOnlyMany"]);

export const nonEmpty = (what: string) => text((value) => (value.trim() === "" ? `is empty; ${what}` : undefined));

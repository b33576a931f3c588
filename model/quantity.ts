/*
 * Quantities of Kubernetes, and bytes as text. This file imports no package, because the mover's pods use it too and
 * have only Node.
 */

const binary = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 };
const decimal = { n: 1e-9, u: 1e-6, m: 1e-3, "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 };
const factors: Record<string, number> = { ...binary, ...decimal };

/** The form that the stack's config accepts: a number with a unit. */
const configForm = /^[0-9]+(?:\.[0-9]+)?(?:Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)$/;
/** Every form that Kubernetes accepts: a number, then an exponent or a unit. */
const anyForm = /^([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)([KMGTPE]i|[numkMGTPE]?)$/;

/** Bytes of a size as the config writes it, such as 10Gi; undefined for any other text. */
export const bytes = (quantity: string): number | undefined =>
  configForm.test(quantity) ? parseQuantity(quantity) : undefined;

/** A quantity in any form of Kubernetes', as a number of bytes, pieces or cores; undefined where it isn't one. */
export function parseQuantity(quantity: string): number | undefined {
  const [, number, unit = ""] = anyForm.exec(quantity) ?? [];
  const factor = factors[unit];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}

/** A quantity from the cluster, as a number; 0 where the cluster states none. Throws for a text that is no quantity. */
export function amount(quantity = ""): number {
  const parsed = quantity === "" ? 0 : parseQuantity(quantity);
  if (parsed === undefined) throw new Error(`"${quantity}" is not a quantity of Kubernetes`);
  return parsed;
}

/** Bytes in the unit that suits them, such as `12.5 MiB`; below 1 KiB `17 bytes`. */
export function formatBytes(bytes: number): string {
  const [unit, size] = Object.entries(binary).findLast(([, size]) => bytes >= size) ?? ["", 1];
  return unit ? `${(bytes / size).toFixed(1)} ${unit}B` : count(Math.round(bytes), "byte");
}

/** A number with its noun, in the plural where needed: `1 claim`, `3 claims`. */
export const count = (number: number, what: string, many = `${what}s`) => `${number} ${number === 1 ? what : many}`;

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

const most = 2n ** 63n - 1n;
const [nano, milli] = [10n ** 9n, 10n ** 6n];
const binaryUnits = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const decimalUnits = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const unitOf: Record<string, bigint> = {
  ...Object.fromEntries(binaryUnits.slice(1).map((unit, i) => [unit, nano * 1024n ** BigInt(i + 1)])),
  ...Object.fromEntries(decimalUnits.map((unit, i) => [unit, 1000n ** BigInt(i)])),
};

/**
 * A quantity as the API server writes it, whatever the form that a person wrote: `1.5Gi` is 1536Mi, `1000m` is 1 and
 * `0.5` is 500m. An object that is made with another form looks changed when it is read back. The rules are those of
 * k8s.io/apimachinery, pkg/api/resource: no fraction, the largest unit that leaves none, and decimal units where a
 * binary one would lose something. A text that is no quantity without an exponent is left as it is.
 */
export function canonical(quantity: string): string {
  const [, sign = "", whole = "", fraction = "", unit = ""] =
    /^([+-]?)([0-9]*)\.?([0-9]*)([KMGTPE]i|[numkMGTPE]?)$/.exec(quantity) ?? [];
  const factor = unitOf[unit];
  if (whole + fraction === "" || factor === undefined) return quantity;
  // Amounts of resources are rounded up to thousandths: k8s.io/kubernetes, pkg/apis/core/v1, SetDefaults_ResourceList.
  const part = 10n ** BigInt(fraction.length) * milli;
  const nanos = ((BigInt(whole + fraction) * factor + part - 1n) / part) * milli;
  if (nanos === 0n) return "0";
  const exact = nanos % nano === 0n && nanos / nano >= 1024n;
  // There is no more than that.
  if (unit.endsWith("i") && nanos / nano > most) return String(most);
  const text =
    unit.endsWith("i") && exact ? inUnits(nanos / nano, 1024n, binaryUnits) : inUnits(nanos, 1000n, decimalUnits);
  return sign === "-" ? `-${text}` : text;
}

function inUnits(amount: bigint, step: bigint, units: readonly string[]): string {
  let [rest, at] = [amount, 0];
  for (; at < units.length - 1 && rest % step === 0n; at++) rest /= step;
  return `${rest}${units[at]}`;
}

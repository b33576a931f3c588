import { bytes, parseQuantity } from "./quantity";

/** Units as the config writes them, the largest first. */
const units = { Pi: 2 ** 50, Ti: 2 ** 40, Gi: 2 ** 30, Mi: 2 ** 20, P: 1e15, T: 1e12, G: 1e9, M: 1e6 };

/** A number from here on is one of bytes: so many Gi or Mi nobody has. */
const fewest = 1e6;
/** A number up to here lacks only its unit. Between the two nobody can tell. */
const most = 1e4;

/**
 * What a person meant by a quantity that the config doesn't take, such as `64Mi` by 67108864 or `10G` by 10GB. `unit`:
 * the field's usual one. Undefined where nobody can tell.
 */
export function meant(value: string, unit: "Gi" | "Mi"): string | undefined {
  const number = Number(value);
  if (Number.isFinite(number)) return number > most ? ofBytes(number) : sized(`${value}${unit}`);
  const [, digits, letter = "", binary, byte] = /^\s*([0-9.]+)\s*([kmgtp])(i?)(b(?:ytes?)?)?\s*$/i.exec(value) ?? [];
  if (digits === undefined) return ofBytes(parseQuantity(value) ?? 0);
  // Docker and Java write 512m and 10g for powers of two; Kubernetes reads 512m as half a byte.
  const small = !byte && letter === letter.toLowerCase();
  const i = binary || small ? "i" : "";
  return sized(`${digits}${i || letter.toLowerCase() !== "k" ? letter.toUpperCase() : "k"}${i}`);
}

const sized = (quantity: string) => ((bytes(quantity) ?? 0) > 0 ? quantity : undefined);

/** Bytes in the largest unit that holds them as a whole number, or in Mi, rounded up. */
function ofBytes(number: number): string | undefined {
  if (number < fewest) return undefined;
  const [unit, size] = Object.entries(units).find(([, size]) => number % size === 0) ?? ["Mi", 2 ** 20];
  return sized(`${Math.ceil(number / size)}${unit}`);
}

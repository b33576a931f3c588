import { quantityToScalar } from "@kubernetes/client-node/dist/util.js";

const form = /^([0-9]+(?:\.[0-9]+)?)(Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)$/;

/** Bytes of a Kubernetes quantity such as 10Gi; undefined where it is none. */
export function bytes(quantity: string): number | undefined {
  const [, amount, unit] = form.exec(quantity) ?? [];
  // By the unit alone, because the library takes no fraction of one.
  return amount === undefined ? undefined : Number(amount) * Number(quantityToScalar(`1${unit}`));
}

/**
 * A quantity that a cluster says, as a number: bytes, pieces or cores. It needn't be in the form that the config asks
 * for.
 */
export function amount(quantity: string | undefined): number {
  return bytes(quantity ?? "") ?? Number(quantityToScalar(quantity ?? "0"));
}

const units = ["Ki", "Mi", "Gi", "Ti", "Pi"];

/** Bytes in the unit that suits them, such as `12.5Gi`. */
export function describeBytes(count: number): string {
  const power = Math.min(units.length, Math.max(0, Math.floor(Math.log2(Math.max(1, count)) / 10)));
  if (power === 0) return `${count} bytes`;
  return `${Math.floor((count / 1024 ** power) * 10) / 10}${units[power - 1]}`;
}

/** Digits and the plural: `1 claim`, `3 claims`. */
export const count = (number: number, what: string, many = `${what}s`) => `${number} ${number === 1 ? what : many}`;

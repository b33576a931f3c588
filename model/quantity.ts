const units = ["Ki", "Mi", "Gi", "Ti", "Pi"];

/** Bytes in the unit that suits them, such as `12.5Gi`. */
export function describeBytes(count: number): string {
  const power = Math.min(units.length, Math.max(0, Math.floor(Math.log2(Math.max(1, count)) / 10)));
  if (power === 0) return `${count} bytes`;
  return `${Math.floor((count / 1024 ** power) * 10) / 10}${units[power - 1]}`;
}

/** Digits and the plural: `1 claim`, `3 claims`. */
export const count = (number: number, what: string, many = `${what}s`) => `${number} ${number === 1 ? what : many}`;

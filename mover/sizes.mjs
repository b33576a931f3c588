// @ts-check

const binary = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 };
const decimal = { m: 1e-3, "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 };
const factors = /** @type {Record<string, number>} */ ({ ...binary, ...decimal });

/** A Kubernetes quantity in bytes; undefined where it isn't one. @param {string} quantity */
export function bytesOf(quantity) {
  const [, number, suffix] = /^(\d+(?:\.\d*)?(?:e\d+)?)([KMGTPE]i|[mkMGTPE]?)$/.exec(quantity) ?? [];
  return number === undefined ? undefined : Number(number) * /** @type {number} */ (factors[suffix ?? ""]);
}

/** @param {number} bytes */
export function formatBytes(bytes) {
  const [unit, size] = Object.entries(binary).findLast(([, size]) => bytes >= size) ?? ["", 1];
  return unit ? `${(bytes / size).toFixed(1)} ${unit}B` : `${Math.round(bytes)} bytes`;
}

/** @param {number} seconds */
export function formatSeconds(seconds) {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** @param {number} count @param {string} noun */
export const counted = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

const binary = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 };
const decimal = { m: 1e-3, "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 };
const factors: Record<string, number> = { ...binary, ...decimal };

/**
 * A Kubernetes quantity in bytes; undefined where it isn't one. The pods have no library for this, and a claim of the
 * cluster may be written in a form that the stack's config does not take.
 */
export function bytesOf(quantity: string): number | undefined {
  const [, number, suffix = ""] = /^(\d+(?:\.\d*)?(?:e\d+)?)([KMGTPE]i|[mkMGTPE]?)$/.exec(quantity) ?? [];
  const factor = factors[suffix];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}

/** `12.5 MiB`, or `17 bytes`. */
export function formatBytes(bytes: number): string {
  const [unit, size] = Object.entries(binary).findLast(([, size]) => bytes >= size) ?? ["", 1];
  return unit ? `${(bytes / size).toFixed(1)} ${unit}B` : `${Math.round(bytes)} bytes`;
}

/** `5 s`, `2 min` or `1.5 h`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** `1 file`, `3,000 files`. */
export const counted = (count: number, noun: string) =>
  `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

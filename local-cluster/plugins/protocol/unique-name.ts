import { createHash, randomBytes } from "node:crypto";

/**
 * `prefix` and eight hexadecimal digits. The engine's seed makes preview and update agree on the name. Without a seed,
 * the digits are random.
 */
export function uniqueName(prefix: string, seed: Uint8Array): string {
  const digits =
    seed.length > 0 ? createHash("sha256").update(seed).update(prefix).digest("hex") : randomBytes(4).toString("hex");
  return prefix + digits.slice(0, 8);
}

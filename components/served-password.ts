import { createHash, scryptSync } from "node:crypto";

const known = new Map<string, string>();

/**
 * What logs in to the server of a repository on a volume: hexadecimal digits, by the repository's password, which has
 * to be known for anything there anyway. It is as hard to guess a weak one from it as from the repository itself.
 */
export function servedPassword(password: string): string {
  const found = known.get(password) ?? scryptSync(password, "cluster-storage: repository", 32).toString("hex");
  known.set(password, found);
  return found;
}

/** What the server is told of that. */
export const servedDigest = (password: string) => createHash("sha256").update(servedPassword(password)).digest("hex");

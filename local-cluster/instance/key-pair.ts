import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";

/** A certificate and its key. */
export interface Pair {
  certificate: X509Certificate;
  key: KeyObject;
}

/** The certificate and key in a file; undefined when it isn't there or they don't belong together. */
export function readPair(file: string): Pair | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const text = readFileSync(file, "utf8");
    const key = createPrivateKey(text.slice(text.indexOf("-----BEGIN PRIVATE KEY")));
    const certificate = new X509Certificate(text);
    return certificate.checkPrivateKey(key) ? { certificate, key } : undefined;
  } catch {
    return undefined; // The file is damaged; a new pair is made.
  }
}

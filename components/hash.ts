import { createHash, createHmac } from "node:crypto";

/**
 * SHA-256 of a value's JSON, in hex. As an annotation of a pod it replaces the pod when the content changes. Not for
 * secrets: who reads the hash could try values until one fits.
 */
export const hashOf = (value: unknown) => createHash("sha256").update(JSON.stringify(value)).digest("hex");

/** HMAC-SHA-256 of a value's JSON, in hex. Without the key it tells nothing about the value, which may be secret. */
export const keyedHashOf = (key: string, value: unknown) =>
  createHmac("sha256", key).update(JSON.stringify(value)).digest("hex");

import { createHash } from "node:crypto";

/** SHA-256 of a value's JSON, in hex. As an annotation of a pod it replaces the pod when the content changes. */
export const hashOf = (value: unknown) => createHash("sha256").update(JSON.stringify(value)).digest("hex");

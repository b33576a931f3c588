import { createHash } from "node:crypto";

/** SHA-256 of a value's JSON, in hex. On a pod, other content makes another pod of it. */
export const hashOf = (value: unknown) => createHash("sha256").update(JSON.stringify(value)).digest("hex");

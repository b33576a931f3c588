import { createHash, createHmac, pbkdf2Sync } from "node:crypto";

/** PostgreSQL's own number (scram_iterations). */
const iterations = 4096;

/**
 * What PostgreSQL keeps of a password, in the form of pg_authid.rolpassword (RFC 5803). A statement with it gives no
 * password to a log. The salt comes from the password, which is generated, so that the same password has one verifier.
 */
export function scramVerifier(password: string): string {
  const salt = createHmac("sha256", password).update("cluster-storage salt").digest().subarray(0, 16);
  const salted = pbkdf2Sync(password, salt, iterations, 32, "sha256");
  const key = (of: string) => createHmac("sha256", salted).update(of).digest();
  const stored = createHash("sha256").update(key("Client Key")).digest("base64");
  return `SCRAM-SHA-256$${iterations}:${salt.toString("base64")}$${stored}:${key("Server Key").toString("base64")}`;
}

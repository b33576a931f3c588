import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rootCertificates } from "node:tls";

/**
 * Gives restic the certificates of authorities, which this image has not and Node has, and directories to write to.
 * `work`: an empty directory.
 */
export function prepareRestic(work: string): void {
  const own = process.env.BACKUP_AUTHORITY ?? "";
  writeFileSync(join(work, "authorities.pem"), [...rootCertificates, own].join("\n"));
  process.env.RESTIC_CACERT = join(work, "authorities.pem");
  for (const [variable, directory] of Object.entries({ TMPDIR: "tmp", RESTIC_CACHE_DIR: "cache" })) {
    process.env[variable] = join(work, directory);
    mkdirSync(join(work, directory), { recursive: true });
  }
}

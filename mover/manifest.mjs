// @ts-check
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** @typedef {{ "Path"?: string, "Encoded-Path"?: string, "Size": number, "Checksum"?: string, "Checksum-Algorithm"?: string }} ManifestFile */

/**
 * What differs between a PostgreSQL base backup and the manifest that came with it.
 * @param {string} target @param {string} into where in it the backup is @param {Map<string, string>} digests SHA-256 of all files, by path
 */
export function compareManifest(target, into, digests) {
  const text = readFileSync(join(target, into, "backup_manifest"), "utf8");
  const end = text.lastIndexOf('"Manifest-Checksum"');
  /** @type {{ Files: ManifestFile[], "Manifest-Checksum": string }} */
  const manifest = JSON.parse(text);
  // Its own checksum is over everything before the line that has it.
  const own = createHash("sha256").update(text.slice(0, end)).digest("hex");
  if (own !== manifest["Manifest-Checksum"]) return ["backup_manifest has another checksum than it says"];
  return manifest.Files.flatMap((file) => {
    const path =
      file["Encoded-Path"] === undefined ? Buffer.from(file.Path ?? "") : Buffer.from(file["Encoded-Path"], "hex");
    const found = digests.get(join(into, path.toString("latin1")));
    if (file["Checksum-Algorithm"] !== "SHA256") return [`${path} has no SHA-256 in backup_manifest`];
    return found === file.Checksum
      ? []
      : [`${path} ${found ? "has other bytes than" : "is missing, and is in"} backup_manifest`];
  });
}

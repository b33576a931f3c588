import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

interface Manifest {
  Files: ManifestFile[];
  "Manifest-Checksum": string;
}

interface ManifestFile {
  Path?: string;
  /** The path in hexadecimal, where it isn't UTF-8. */
  "Encoded-Path"?: string;
  Checksum?: string;
  "Checksum-Algorithm"?: string;
}

/**
 * What differs between a PostgreSQL base backup and the manifest that came with it. `into`: where in the target the
 * backup is. `digests`: SHA-256 of all files, by path.
 */
export function compareManifest(target: string, into: string, digests: Map<string, string>): string[] {
  const text = readFileSync(join(target, into, "backup_manifest"), "utf8");
  const end = text.lastIndexOf('"Manifest-Checksum"');
  const manifest: Manifest = JSON.parse(text);
  // The manifest's own checksum covers everything before the line that holds it.
  const own = createHash("sha256").update(text.slice(0, end)).digest("hex");
  if (own !== manifest["Manifest-Checksum"]) return ["backup_manifest does not match its own checksum"];
  return manifest.Files.flatMap((file) => {
    const path = pathOf(file);
    const found = digests.get(join(into, path.toString("latin1")));
    if (file["Checksum-Algorithm"] !== "SHA256") return [`${path} has no SHA-256 in backup_manifest`];
    if (found === undefined) return [`${path} is missing, but stands in backup_manifest`];
    return found === file.Checksum ? [] : [`${path} does not match its checksum in backup_manifest`];
  });
}

const pathOf = ({ Path = "", "Encoded-Path": encoded }: ManifestFile) =>
  encoded === undefined ? Buffer.from(Path) : Buffer.from(encoded, "hex");

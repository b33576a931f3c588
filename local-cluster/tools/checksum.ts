import * as path from "node:path";

export interface Checksum {
  algorithm: "sha256" | "sha512";
  /** Hexadecimal, lower case. */
  digest: string;
}

const line = /^([0-9a-f]{128}|[0-9a-f]{64})(?:\s+\*?(\S+))?$/i;

/**
 * The checksum of `file` in what a project publishes beside its releases: one bare digest, or lines of digest and
 * name as `sha256sum` writes them, perhaps inside a PGP signature. Undefined when there is none for the file.
 */
export function findChecksum(text: string, file: string): Checksum | undefined {
  const entries = text.split(/\r?\n/).flatMap((each) => {
    const [, digest, name] = line.exec(each.trim()) ?? [];
    return digest ? [{ digest: digest.toLowerCase(), name }] : [];
  });
  const bare = entries.length === 1 && !entries[0]!.name;
  const found = bare
    ? entries[0]
    : entries.find(({ name }) => name !== undefined && path.posix.basename(name) === file);
  return found && { algorithm: found.digest.length === 64 ? "sha256" : "sha512", digest: found.digest };
}

import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const load = createRequire(__filename);

/**
 * The parts of a folder by type, in alphabetical order: one for each folder in it with a file `EXPORT.ts`, whose export
 * EXPORT is the part.
 */
export function findParts<Part extends { type: string }>(folder: string, exported: string): Map<string, Part> {
  const files = readdirSync(folder)
    .sort()
    .map((name) => join(folder, name, `${exported}.ts`))
    .filter((file) => existsSync(file));
  const parts = files.map((file) => (load(file) as Record<string, Part>)[exported]!);
  return new Map(parts.map((part) => [part.type, part]));
}

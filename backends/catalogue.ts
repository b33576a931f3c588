import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Backend } from "./types";

const load = createRequire(__filename);

/** The backends of a folder by type: every file in it that exports `backend`. */
export function findBackends(folder: string): Map<string, Backend> {
  const files = readdirSync(folder).filter(
    (file) => /(?<!\.d)\.[jt]s$/.test(file) && join(folder, file) !== __filename,
  );
  const backends = files.sort().flatMap((file) => (load(join(folder, file)) as { backend?: Backend }).backend ?? []);
  return new Map(backends.map((backend) => [backend.type, backend]));
}

/** Every type of backend that a stack can name. */
export const backendTypes: ReadonlyMap<string, Backend> = findBackends(__dirname);

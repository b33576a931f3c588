import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Backend } from "../model/backend";

const load = createRequire(__filename);

/** The backends of a folder, by type. Each folder in it whose `backend.ts` exports `backend` is one. */
export function findBackends(folder: string): Map<string, Backend> {
  const files = readdirSync(folder)
    .sort()
    .map((name) => join(folder, name, "backend.ts"))
    .filter((file) => existsSync(file));
  const backends = files.map((file) => (load(file) as { backend: Backend }).backend);
  return new Map(backends.map((backend) => [backend.type, backend]));
}

/** Every type of backend that a stack can name. */
export const backendTypes: ReadonlyMap<string, Backend> = findBackends(__dirname);

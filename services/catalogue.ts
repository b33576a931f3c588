import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import type { ServiceSpec } from "../model/service-spec";

const load = createRequire(__filename);

/**
 * The services of a folder by name, in alphabetical order: every file in it that exports `service`. Folders below it
 * are left out. Throws where a file's name is not its service's name.
 */
export function findServices(folder: string): Map<string, ServiceSpec> {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(folder, file))
    .filter((file) => file !== __filename);
  const found = files.flatMap((file) => {
    const { service } = load(file) as { service?: ServiceSpec };
    return service ? [{ service, file }] : [];
  });
  for (const { service, file } of found)
    if (basename(file, ".ts") !== service.name)
      throw new Error(`${file} exports the service ${service.name}; call the file ${service.name}.ts`);
  found.sort((a, b) => (a.service.name < b.service.name ? -1 : 1));
  return new Map(found.map(({ service }) => [service.name, service]));
}

/** Every service that a stack can name, by that name. */
export const catalogue: ReadonlyMap<string, ServiceSpec> = findServices(__dirname);

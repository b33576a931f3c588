import type { Backend } from "../model/backend";
import type { RawConfig, ServiceConfig, StackConfig } from "../model/config";
import { mirrored, mirroredUnlessNamed } from "../model/registry";

/**
 * The config with each image that it names, or that the schemas chose, at its mirror. The catalogue's images are the
 * plan's to mirror.
 */
export function withMirrors(
  config: StackConfig,
  values: RawConfig["values"],
  types: ReadonlyMap<string, Backend>,
): StackConfig {
  const { registry, mover, preflight, backends, services, backups } = config;
  if (registry === undefined) return config;
  const at = (image: string, named: boolean) => (named ? mirroredUnlessNamed : mirrored)(image, registry);
  const names = (section: unknown, key: string) =>
    (section as Record<string, unknown> | undefined)?.[key] !== undefined;
  const ofService = (service: ServiceConfig): ServiceConfig => {
    const { image } = service;
    if (image === undefined) return service;
    return { ...service, image: typeof image === "string" ? at(image, true) : { ...image, ref: at(image.ref, true) } };
  };
  const entries = values.backends as Record<string, unknown> | undefined;
  return {
    ...config,
    mover: { ...mover, image: at(mover.image, names(values.mover, "image")) },
    preflight: { ...preflight, probeImage: at(preflight.probeImage, names(values.preflight, "probeImage")) },
    ...(backups && { backups: { ...backups, image: at(backups.image, names(values.backups, "image")) } }),
    services: new Map([...services].map(([name, service]) => [name, ofService(service)])),
    backends: new Map(
      [...backends].map(([name, { type, settings }]) => {
        const own = types.get(type)?.mirrored?.(settings, (image, key) => at(image, names(entries?.[name], key)));
        return [name, { type, settings: own ?? settings }];
      }),
    ),
  };
}

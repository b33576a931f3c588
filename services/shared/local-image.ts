import type { Probe } from "../../model/container";
import type { LocalImage, StandIn } from "../../model/local-image";
import type { ServiceSpec } from "../../model/service-spec";

/**
 * How the local cluster makes an image for each service where it can't pull the real one, by service. `real`: also by
 * the recipes that take minutes.
 */
export function localImagesOf(catalogue: ReadonlyMap<string, ServiceSpec>, real: boolean): Map<string, LocalImage> {
  return new Map([...catalogue].map(([name, spec]) => [name, localImageOf(spec, real)]));
}

function localImageOf(spec: ServiceSpec, real: boolean): LocalImage {
  const recipe = spec.localRecipe;
  return recipe && (real || !recipe.onlyReal) ? { recipe: recipe.name } : { standIn: standInOf(spec) };
}

/** The services whose real program the local cluster only makes when it is asked to. */
export const madeOnRequest = (catalogue: ReadonlyMap<string, ServiceSpec>): string[] =>
  [...catalogue].filter(([, { localRecipe }]) => localRecipe?.onlyReal).map(([name]) => name);

/**
 * A stand-in has its service's user, ports, probe paths and mounts. It takes records on the first port, and keeps them
 * in the first mount. Optional claims are left out, because not every stack has them.
 */
export function standInOf({ identity, ports, probes, claims, standIn }: ServiceSpec): StandIn {
  const [http = 80, ...tcp] = ports.map(({ port }) => port);
  const [data = "/data", ...writable] = claims
    .filter(({ optional }) => !optional)
    .flatMap(({ mounts }) => mounts.map(({ path }) => path));
  const asked = [probes.startup, probes.readiness, probes.liveness]
    .filter((probe): probe is Probe => probe !== undefined)
    .flatMap(({ action }) => ("http" in action ? [action.http.path] : []));
  return {
    user: `${identity.uid}:${identity.gid}`,
    http,
    tcp,
    probes: [...new Set(asked)],
    data,
    writable,
    ...standIn,
  };
}

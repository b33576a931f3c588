import type { ServiceSpec } from "../../model/service-spec";

/** The services in each copy: the seven of a usual stack. All of them are in the catalogue. */
export const copied = ["redis", "flowise", "searxng", "postgres", "qdrant", "neo4j", "n8n"];

/** A service's name in a copy. The first copy has the usual names. */
export const nameInCopy = (name: string, copy: number) => (copy === 0 ? name : `${name}-${copy}`);

/** A catalogue with `copies` copies of the seven services. Each copy has its own namespaces and connections. */
export function scaledCatalogue(
  catalogue: ReadonlyMap<string, ServiceSpec>,
  copies: number,
): ReadonlyMap<string, ServiceSpec> {
  const numbers = Array.from({ length: copies }, (_, copy) => copy);
  const specs = numbers.flatMap((copy) => copied.map((name) => copyOf(catalogue.get(name)!, copy)));
  return new Map(specs.map((spec) => [spec.name, spec]));
}

function copyOf(spec: ServiceSpec, copy: number): ServiceSpec {
  const renamed = (name: string) => nameInCopy(name, copy);
  return {
    ...spec,
    name: renamed(spec.name),
    namespace: renamed(spec.namespace),
    claims: spec.claims.map((claim) => ({ ...claim, name: renamed(claim.name) })),
    requires: spec.requires?.map(renamed),
    database: spec.database && { ...spec.database, service: renamed(spec.database.service) },
    env: spec.env && (({ host, ...room }) => spec.env!({ host: (name) => host(renamed(name)), ...room })),
  };
}

/** The services of a stack config for such a catalogue. Each copy gets the settings of the seven. */
export function scaledServices(services: Record<string, unknown>, copies: number): Record<string, unknown> {
  const numbers = Array.from({ length: copies }, (_, copy) => copy);
  return Object.fromEntries(numbers.flatMap((copy) => copied.map((name) => [nameInCopy(name, copy), services[name]])));
}

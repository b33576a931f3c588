import { pathText } from "../model/config-path";
import type { ServiceConfig, StackConfig } from "../model/config";
import type { EnvVar } from "../model/container";
import type { Fault, ServicePlan } from "../model/plan";
import type { ServiceSpec } from "../model/service-spec";
import type { TlsPlan } from "../model/tls";

/** Decides which connections are encrypted, and what that changes at both ends. */

/** A stand-in answers in plain text, whatever its service can do. */
const isStandIn = ({ image }: ServiceConfig) => typeof image === "object" && image.standIn;

const wants = (spec: ServiceSpec, config: ServiceConfig, { tls }: StackConfig) =>
  spec.encrypted !== undefined && (config.tls ?? tls.default);

/** The services of the stack whose connections are encrypted. */
export function encryptedServices(config: StackConfig, catalogue: ReadonlyMap<string, ServiceSpec>): Set<string> {
  const entries = [...config.services].filter(([name, settings]) => {
    const spec = catalogue.get(name);
    return spec && wants(spec, settings, config) && !isStandIn(settings);
  });
  return new Set(entries.map(([name]) => name));
}

/** What a person should know of services that are meant to be encrypted and aren't. */
export function plainStandIns(config: StackConfig, catalogue: ReadonlyMap<string, ServiceSpec>): string[] {
  return [...config.services].flatMap(([name, settings]) => {
    const spec = catalogue.get(name);
    return spec && wants(spec, settings, config) && isStandIn(settings)
      ? [`the connections to ${name} are not encrypted, because its image is a stand-in`]
      : [];
  });
}

/** The services that it needs, or that the config lets it reach. */
const targetsOf = ({ database, requires = [] }: ServiceSpec, reaches: readonly string[]) => {
  const needed = [...(database ? [database.service] : []), ...requires];
  return { needed, all: [...new Set([...needed, ...reaches])] };
};

/** Whether its containers need the authority's certificate: as a client, or as a server for its own checks. */
export function trusts(spec: ServiceSpec, { reaches }: ServiceConfig, encrypted: ReadonlySet<string>): boolean {
  return [spec.name, ...targetsOf(spec, reaches).all].some((name) => encrypted.has(name));
}

/** The catalogue's entry as it is where these services are encrypted. */
export function withTls(spec: ServiceSpec, config: ServiceConfig, encrypted: ReadonlySet<string>): ServiceSpec {
  const own = encrypted.has(spec.name) ? { ...spec, ...spec.encrypted?.(spec) } : spec;
  const { needed, all } = targetsOf(spec, config.reaches);
  const env: EnvVar[] = [
    ...(all.some((name) => encrypted.has(name)) ? (spec.trusting ?? []) : []),
    ...needed.filter((name) => encrypted.has(name)).flatMap((name) => spec.verifies?.[name] ?? []),
  ];
  return env.length === 0 ? own : { ...own, env: (context) => [...(own.env?.(context) ?? []), ...env] };
}

/** A client that can't verify the server would be shut out of it. */
export function checkClients(
  config: StackConfig,
  catalogue: ReadonlyMap<string, ServiceSpec>,
  encrypted: ReadonlySet<string>,
): Fault[] {
  return [...config.services].flatMap(([name, { run, reaches }]): Fault[] => {
    const spec = catalogue.get(name);
    if (!spec || !run) return [];
    return targetsOf(spec, reaches)
      .needed.filter((needed) => encrypted.has(needed) && !spec.verifies?.[needed])
      .map((needed) => ({
        path: pathText(["services", name]),
        message:
          `can't encrypt its connection to ${needed}, which refuses plain ones; set services.${needed}.tls to false, ` +
          `or set run: false here, which keeps its data`,
      }));
  });
}

/** The DNS names that a service is reached by: its own, its pod's where it is a StatefulSet, and that of its pod. */
export function namesOf({ name, kind }: ServiceSpec, namespace: string): string[] {
  const everywhere = (host: string) => ["", ".svc", ".svc.cluster.local"].map((end) => `${host}.${namespace}${end}`);
  const pods = kind === "StatefulSet" ? everywhere(`${name}-0.${name}-headless`) : [];
  return [name, ...everywhere(name), ...pods, "localhost"];
}

/** What the whole stack needs for encrypted connections; undefined where no service that runs has them. */
export function planTls({ tls }: StackConfig, services: readonly ServicePlan[]): TlsPlan | undefined {
  const running = services.filter(({ run }) => run);
  if (!running.some((service) => service.tls)) return undefined;
  const namespaces = running.flatMap((service) => (service.trusts ? [service.namespace] : []));
  return { ...(tls.certManager && { certManager: tls.certManager }), namespaces: [...new Set(namespaces)] };
}

import type { ServiceConfig } from "../model/config";
import type { ServiceSpec } from "../model/service-spec";
import type { NetworkPlan, Peer } from "../model/network-settings";
import { outsideOf, planEgress } from "./settings/network";

export interface Placed {
  spec: ServiceSpec;
  config: ServiceConfig;
  namespace: string;
  /** The services of the stack that reach it. */
  callers: string[];
  /** Its connections are encrypted; the Secret with its certificate. */
  certificate?: string;
  /** It has the authority's certificate, as a client or as a server. */
  trusts: boolean;
}

/** The services without which a service doesn't work. */
export function neededBy({ spec }: Placed): string[] {
  return [...(spec.database ? [spec.database.service] : []), ...(spec.requires ?? [])];
}

/** The services that a service reaches: those that it needs, and those that the config adds. */
export function reachedBy(service: Placed): string[] {
  return [...new Set([...neededBy(service), ...service.config.reaches])];
}

/** Who reaches a service and whom it reaches. Both ends of a connection are made from the same list. */
export function planNetwork(service: Placed, all: ReadonlyMap<string, Placed>): NetworkPlan {
  const from = service.callers.flatMap((name): Peer[] => {
    const namespace = all.get(name)?.namespace;
    return namespace === undefined || namespace === service.namespace ? [] : [{ namespace, service: name }];
  });
  const to = reachedBy(service).flatMap((target) => {
    const placed = all.get(target);
    return placed
      ? [{ peer: { namespace: placed.namespace, service: target }, ports: placed.spec.ports.map(({ port }) => port) }]
      : [];
  });
  const outside = outsideOf(service.config.service);
  const egress = planEgress(service.config.egress);
  return {
    from: [...from, ...service.config.clients.map((namespace) => ({ namespace }))],
    ...(outside && { outside }),
    to,
    internet: service.spec.internet ?? false,
    ...(egress.length > 0 && { egress }),
  };
}

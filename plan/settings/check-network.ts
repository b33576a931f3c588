import { isWithin, parseCidr } from "../../model/cidr";
import { pathText } from "../../model/config-path";
import { suggest } from "../../model/nearest";
import type { EgressConfig, FrontConfig } from "../../model/network-settings";
import type { Fault } from "../../model/plan";
import type { Placed } from "../network";
import { everywhere, isOuter } from "./network";

/** What is wrong between the keys of a service's `service` and `egress`. */
export function checkNetwork(placed: Placed): Fault[] {
  const { spec, config } = placed;
  const at = (...path: (string | number)[]) => pathText(["services", spec.name, ...path]);
  return [
    ...(config.service ? checkFront(placed, config.service, at) : []),
    ...config.egress.flatMap((entry, i) => checkEgress(entry, (...path) => at("egress", i, ...path))),
  ];
}

type At = (...path: (string | number)[]) => string;

function checkFront({ spec }: Placed, front: FrontConfig, at: At): Fault[] {
  const names = spec.ports.map(({ name }) => name);
  const unknown = Object.keys(front.nodePorts)
    .filter((name) => !names.includes(name))
    .map((name) => ({
      path: at("service", "nodePorts", name),
      message: `${spec.name} has no port "${name}"; ${suggest(name, names)}`,
    }));
  return [...unknown, ...(isOuter(front) ? checkOuter(spec.name, front, at) : checkInner(front, at))];
}

/** Keys that say something of the way in from outside, where there is none. */
function checkInner(front: FrontConfig, at: At): Fault[] {
  const set = [
    front.loadBalancerClass !== undefined && "loadBalancerClass",
    Object.keys(front.nodePorts).length > 0 && "nodePorts",
    front.externalTrafficPolicy !== undefined && "externalTrafficPolicy",
    front.loadBalancerSourceRanges !== undefined && "loadBalancerSourceRanges",
  ].filter((key) => key !== false);
  return set.map((key) => ({
    path: at("service", key),
    message:
      "says how the service is reached from outside, and type ClusterIP is reached from the cluster alone; set " +
      `type: ${key === "loadBalancerClass" ? "LoadBalancer" : "NodePort or LoadBalancer"}, or leave the key out`,
  }));
}

function checkOuter(service: string, front: FrontConfig, at: At): Fault[] {
  const { type, loadBalancerClass, externalTrafficPolicy, loadBalancerSourceRanges: ranges } = front;
  const faults: Fault[] = [];
  if (type === "NodePort" && loadBalancerClass !== undefined)
    faults.push({
      path: at("service", "loadBalancerClass"),
      message: "is for load balancers, and the type is NodePort; set type: LoadBalancer, or leave the key out",
    });
  if (ranges === undefined)
    faults.push({
      path: at("service", "loadBalancerSourceRanges"),
      message:
        `is missing, and type ${type} lets ${service} be reached from outside; say who may, for instance ` +
        "[192.168.1.0/24], or [0.0.0.0/0, ::/0] for everybody",
    });
  else if (type === "NodePort" && externalTrafficPolicy === "Cluster" && !coversEverything(ranges))
    faults.push({
      path: at("service", "externalTrafficPolicy"),
      message:
        "is Cluster: a node then puts its own address in the place of the client's, so nothing can keep a NodePort " +
        "to these loadBalancerSourceRanges; use Local, or [0.0.0.0/0, ::/0] for everybody",
    });
  return faults;
}

const coversEverything = (ranges: readonly string[]) => ranges.some((range) => everywhere.includes(range));

function checkEgress(entry: EgressConfig, at: At): Fault[] {
  const { cidr, except, namespace, pods, internet } = entry;
  const targets = [
    cidr !== undefined && "cidr",
    namespace !== undefined && "namespace",
    internet !== undefined && "internet",
  ].filter((key) => key !== false);
  const faults: Fault[] = [];
  if (targets.length !== 1)
    faults.push({
      path: at(),
      message:
        targets.length === 0
          ? "says not where to; name one of cidr, namespace or internet: true"
          : `has ${targets.join(" and ")}; make an entry for each`,
    });
  if (internet === false)
    faults.push({ path: at("internet"), message: "is false, and an entry only allows; leave the entry out" });
  if (except && cidr === undefined)
    faults.push({ path: at("except"), message: "is about a cidr, and this entry has none; leave it out" });
  if (pods && namespace === undefined)
    faults.push({ path: at("pods"), message: "is about a namespace, and this entry has none; name it" });
  return [...faults, ...checkExcept(cidr, except ?? [], at)];
}

function checkExcept(cidr: string | undefined, except: readonly string[], at: At): Fault[] {
  const outer = cidr === undefined ? undefined : parseCidr(cidr);
  return except.flatMap((range, i) => {
    const inner = parseCidr(range);
    if (!outer || !inner || isWithin(outer, inner)) return [];
    return [{ path: at("except", i), message: `"${range}" is not a part of ${cidr}; name a smaller range within it` }];
  });
}

/** A port of the nodes can be one Service's only, in the whole cluster. */
export function checkNodePorts(all: Iterable<Placed>): Fault[] {
  const taken = new Map<number, string>();
  const faults: Fault[] = [];
  for (const { spec, config } of all) {
    for (const [name, port] of Object.entries(config.service?.nodePorts ?? {})) {
      const path = pathText(["services", spec.name, "service", "nodePorts", name]);
      const first = taken.get(Number(port));
      if (first === undefined) taken.set(Number(port), path);
      else faults.push({ path, message: `${port} is ${first} already; choose another port, or leave the key out` });
    }
  }
  return faults;
}

/** Warnings: passwords and data that leave the cluster in plain text. */
export function plainOutside({ spec, config, certificate }: Placed): string[] {
  if (!config.service || !isOuter(config.service) || certificate !== undefined || !spec.encrypted) return [];
  return [
    `${pathText(["services", spec.name, "service"])}: connections from outside are not encrypted, so passwords and ` +
      "data can be read on the way; set tls: true (docs/in-flight.md)",
  ];
}

import { cidrText, parseCidr } from "../../model/cidr";
import type { EgressConfig, EgressPlan, FrontConfig, FrontPlan } from "../../model/network-settings";
import { parsePort } from "../../model/port-range";

/** A service's network settings as the components make them, in the forms that Kubernetes keeps. */

/** Private addresses and those of one link, which are nobody's on the internet (RFC 1918, 3927, 6598, 4193, 4291). */
export const internet = [
  {
    cidr: "0.0.0.0/0",
    except: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10"],
  },
  { cidr: "::/0", except: ["fc00::/7", "fe80::/10"] },
];

export const everywhere = internet.map(({ cidr }) => cidr);

/** A range as Kubernetes keeps it, so that no other spelling is a change. The config has checked it. */
const canonical = (range: string): string => {
  const cidr = parseCidr(range);
  return cidr ? cidrText(cidr) : range;
};

export const isOuter = ({ type }: Pick<FrontConfig, "type">): boolean => type !== "ClusterIP";

/**
 * With `Cluster` a node puts its own address in the place of the client's, so that the policy can't go by addresses.
 * https://kubernetes.io/docs/concepts/services-networking/network-policies/ (ipBlock)
 */
const trafficPolicyOf = ({ externalTrafficPolicy = "Local" }: FrontConfig) => externalTrafficPolicy;

/** Addresses outside the cluster from which a service's pods may be reached; undefined: from none. */
export function outsideOf(front: FrontConfig | undefined): string[] | undefined {
  if (!front || !isOuter(front)) return undefined;
  return trafficPolicyOf(front) === "Cluster" ? everywhere : front.loadBalancerSourceRanges?.map(canonical);
}

export function planFront(front: FrontConfig): FrontPlan {
  const { type, annotations, loadBalancerClass, nodePorts, loadBalancerSourceRanges } = front;
  const ports = Object.entries(nodePorts).map(([name, port]) => [name, Number(port)] as const);
  return {
    type,
    ...(Object.keys(annotations).length > 0 && { annotations }),
    ...(loadBalancerClass !== undefined && { loadBalancerClass }),
    ...(ports.length > 0 && { nodePorts: Object.fromEntries(ports) }),
    ...(isOuter(front) && { externalTrafficPolicy: trafficPolicyOf(front) }),
    ...(type === "LoadBalancer" && { loadBalancerSourceRanges: loadBalancerSourceRanges?.map(canonical) }),
  };
}

export const planEgress = (egress: readonly EgressConfig[]): EgressPlan[] =>
  egress.map(({ cidr, except = [], namespace = "", pods, internet: outside, ports }) => ({
    to: outside
      ? { blocks: internet }
      : cidr !== undefined
        ? { blocks: [{ cidr: canonical(cidr), ...(except.length > 0 && { except: except.map(canonical) }) }] }
        : { namespace, ...(pods && { pods }) },
    ...(ports && { ports: ports.flatMap((port) => parsePort(port) ?? []) }),
  }));

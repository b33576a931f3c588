import type { types } from "@pulumi/kubernetes";
import { selector } from "../model/metadata";
import type { Port } from "../model/container";
import type { NetworkPlan, Peer } from "../model/plan";

type PolicySpec = types.input.networking.v1.NetworkPolicySpec;
type Rule = types.input.networking.v1.NetworkPolicyEgressRule;

const tcp = (port: number) => ({ protocol: "TCP", port });

function peer({ namespace, service }: Peer): types.input.networking.v1.NetworkPolicyPeer {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    ...(service && { podSelector: { matchLabels: selector(service) } }),
  };
}

/** DNS at any address, because a cluster's DNS may be a pod, a cache on the node or a server outside the cluster. */
const dns: Rule = { ports: [{ protocol: "UDP", port: 53 }, tcp(53)] };

/** No selector can name the API server, so this allows the ports that it usually has. */
export const apiServer: Rule = { ports: [443, 6443, 8443].map(tcp) };

/** The port that the pod at a move's source listens on, where the target may be on another node. */
export const acrossPort = 7411;

/** Lets the pods of a service's moves reach each other, for what is copied between nodes. */
export function acrossPolicy(app: string): PolicySpec {
  const podSelector = { matchLabels: selector(app) };
  const ports = [tcp(acrossPort)];
  return {
    podSelector,
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [{ podSelector }], ports }],
    egress: [{ to: [{ podSelector }], ports }],
  };
}

/** Web servers outside the cluster, without private addresses. */
const web: Rule = {
  to: [
    {
      ipBlock: {
        cidr: "0.0.0.0/0",
        except: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10"],
      },
    },
  ],
  ports: [tcp(80), tcp(443)],
};

/** Outgoing traffic: DNS, the peers on their ports and, where `internet` is true, the web outside. */
export function egressTo(to: NetworkPlan["to"], internet: boolean): Rule[] {
  const peers = to.map(({ peer: target, ports }) => ({ to: [peer(target)], ports: ports.map(tcp) }));
  return [dns, ...peers, ...(internet ? [web] : [])];
}

/** A service's traffic: in from its namespace and its clients, on its ports; out to DNS and to what it needs. */
export function servicePolicy(service: string, ports: Port[], { from, to, internet }: NetworkPlan): PolicySpec {
  return {
    podSelector: { matchLabels: selector(service) },
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [{ podSelector: {} }, ...from.map(peer)], ports: ports.map(({ port }) => tcp(port)) }],
    egress: egressTo(to, internet),
  };
}

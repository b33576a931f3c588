import { isIP } from "node:net";
import type { types } from "@pulumi/kubernetes";
import type { BackupsPlan } from "../model/backups";
import { selector } from "../model/metadata";
import { metricsName, metricsPort } from "../model/metrics";
import { servedName, servedPort } from "../model/served-repository";
import type { Port } from "../model/container";
import type { EgressPlan, NetworkPlan, Peer, PortRange } from "../model/network-settings";
import { usualApiPorts } from "../plan/api-ports";
import { internet as outsideBlocks } from "../plan/settings/network";

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

/** No selector can name the API server, so this allows its ports: those that are usual, and the cluster's own. */
export const apiServer = (ports: readonly number[] = []): Rule => ({
  ports: [...new Set([...usualApiPorts, ...ports])].map(tcp),
});

/** A backup's traffic: out to names, the API server and the repository's server. */
export const backupPolicy = (server: BackupsPlan["server"], apiPorts?: readonly number[]): PolicySpec => ({
  podSelector: {},
  policyTypes: ["Ingress", "Egress"],
  egress: [dns, apiServer(apiPorts), repositoryServer(server)],
});

/** What the repository's care reaches beside that: where points are removed. */
export const carePolicy = (matchLabels: Record<string, string>, server: BackupsPlan["server"]): PolicySpec => ({
  podSelector: { matchLabels },
  policyTypes: ["Egress"],
  egress: [repositoryServer(server)],
});

/** The traffic of the server of a repository on a volume: in from the cluster's pods, which it asks for a password. */
export const servedPolicy = (): PolicySpec => ({
  podSelector: { matchLabels: selector(servedName) },
  policyTypes: ["Ingress"],
  ingress: [{ from: [{ namespaceSelector: {} }], ports: [tcp(servedPort)] }],
});

/** The metrics' traffic: in from the namespace of what asks for them. */
export const metricsPolicy = (from: string): PolicySpec => ({
  podSelector: { matchLabels: selector(metricsName) },
  policyTypes: ["Ingress"],
  ingress: [{ from: [peer({ namespace: from })], ports: [tcp(metricsPort)] }],
});

/** A restore's traffic, beside that of any move. */
export const restoreEgress = (server: BackupsPlan["server"]): Rule[] => [dns, repositoryServer(server)];

/**
 * To the repository's server. A policy can't name a host outside the cluster, so for that one it allows the
 * server's port at any address.
 */
function repositoryServer({ host, port }: BackupsPlan["server"]): Rule {
  const address = host.replace(/^\[|\]$/g, "");
  const [, inside] = /^[^.]+\.([^.]+)\.svc(\.|$)/.exec(host) ?? [];
  const to = isIP(address)
    ? [{ ipBlock: { cidr: `${address}/${isIP(address) === 4 ? 32 : 128}` } }]
    : inside === undefined
      ? undefined
      : [peer({ namespace: inside })];
  return { ...(to && { to }), ports: [tcp(port)] };
}

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
const web: Rule = { to: outsideBlocks.map((ipBlock) => ({ ipBlock })), ports: [tcp(80), tcp(443)] };

const portOf = ({ protocol, port, endPort }: PortRange) => ({
  protocol,
  port,
  ...(endPort !== undefined && { endPort }),
});

/** What the config lets a service reach. */
function egressRule({ to, ports }: EgressPlan): Rule {
  const peers =
    "blocks" in to
      ? to.blocks.map((ipBlock) => ({ ipBlock }))
      : [{ ...peer({ namespace: to.namespace }), ...(to.pods && { podSelector: { matchLabels: to.pods } }) }];
  return { to: peers, ...(ports && { ports: ports.map(portOf) }) };
}

/** Outgoing traffic: DNS, the peers on their ports and, where `internet` is true, the web outside. */
export function egressTo(to: NetworkPlan["to"], internet: boolean): Rule[] {
  const peers = to.map(({ peer: target, ports }) => ({ to: [peer(target)], ports: ports.map(tcp) }));
  return [dns, ...peers, ...(internet ? [web] : [])];
}

/** A service's traffic: in from its namespace and its clients, on its ports; out to DNS and to what it needs. */
export function servicePolicy(service: string, ports: Port[], network: NetworkPlan): PolicySpec {
  const { from, outside = [], to, internet, egress = [] } = network;
  const sources = [{ podSelector: {} }, ...from.map(peer), ...outside.map((cidr) => ({ ipBlock: { cidr } }))];
  return {
    podSelector: { matchLabels: selector(service) },
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: sources, ports: ports.map(({ port }) => tcp(port)) }],
    egress: [...egressTo(to, internet), ...egress.map(egressRule)],
  };
}

import type { z } from "zod";
import { cidrText, isMapped, networkOf, bitsOf, parseCidr } from "../../model/cidr";
import { parsePort } from "../../model/port-range";
import { checked, filledList, flag, list, object, oneOf, record, show, text, textFault } from "../fields";
import { dnsLabel } from "../forms";
import { keyed, keyFault, labelKey, labelMap } from "./labels";

/** How a service is reached from outside the cluster, and what it may reach beside the catalogue's needs. */

/** What is wrong with a range of addresses; undefined for a sound one. */
function cidrFault(value: unknown): string | undefined {
  if (typeof value !== "string") return textFault(value);
  const cidr = parseCidr(value);
  if (!cidr) return `"${value}" is not a range of addresses; ${wayOut(value)}`;
  if (isMapped(cidr)) return `"${value}" is an IPv4 address in IPv6's form; write it in IPv4's, such as 192.168.1.0/24`;
  const network = networkOf(cidr);
  if (network.address === cidr.address) return undefined;
  const one = cidrText({ ...cidr, length: bitsOf(cidr.family) });
  return (
    `"${value}" is one machine's address with a network's length; write ${cidrText(network)} for the network, or ` +
    `${one} for the machine`
  );
}

const wayOut = (value: string): string =>
  /[g-z]/i.test(value) && !value.includes(":")
    ? "a network policy knows no names: write the address, or internet: true for servers outside"
    : "write it as CIDR, such as 192.168.1.0/24, 192.168.1.20/32 or fd00:1::/64";

const cidr = checked<string>({ type: "string", pattern: "^[0-9a-fA-F.:]+(/[0-9]+)?$" }, cidrFault);

const digits = "[1-9][0-9]{0,4}";
const portForm = { type: ["integer", "string"], minimum: 1, maximum: 65_535 };

const port = checked<number | string>(
  { ...portForm, pattern: `^${digits}(-${digits})?(/(tcp|udp|sctp))?$` },
  (value) =>
    parsePort(value)
      ? undefined
      : `${show(value)} is not a port; write a number from 1 to 65535 (587), one with its protocol (53/udp), or ` +
        "a range (5000-5010)",
);

const nodePort = checked<number | string>({ ...portForm, pattern: `^${digits}$` }, (value) => {
  const range = parsePort(value);
  return range && String(range.port) === String(value)
    ? undefined
    : `${show(value)} is not a port; write a number such as 30432: a cluster gives 30000 to 32767, unless it was set ` +
        "up otherwise";
});

/** Annotations by which Pulumi and this program find and judge their objects. */
const reserved = /^([^/]*\.)?(pulumi\.com|cluster-storage)\/|^kubectl\.kubernetes\.io\/last-applied-configuration$/;

const annotations = keyed(text(), (key) =>
  reserved.test(key) ? "is one of this program's own; leave it out" : keyFault(key),
);

const front = object({
  type: oneOf(["ClusterIP", "NodePort", "LoadBalancer"])
    .default("ClusterIP")
    .describe("`ClusterIP` is reached from the cluster alone, the others also from outside (docs/network.md)."),
  annotations: annotations
    .default({})
    .describe("Annotations of the Service, such as those that a load balancer's controller reads."),
  loadBalancerClass: labelKey.optional().meta({
    description: "Which controller makes the load balancer. Another one makes the Service anew, with a new address.",
    otherwise: "the cluster's own",
  }),
  nodePorts: record(nodePort)
    .default({})
    .describe("Ports of the nodes, by the name of the service's port. The cluster chooses the others."),
  externalTrafficPolicy: oneOf(["Local", "Cluster"])
    .optional()
    .meta({
      description:
        "`Local` keeps the address of who connects, and only the node that runs the pod answers. With `Cluster` " +
        "every node answers, and the network policy can't tell who connects.",
      otherwise: "`Local`",
    }),
  loadBalancerSourceRanges: filledList(cidr, "name who may reach it, such as 192.168.1.0/24")
    .optional()
    .meta({
      description:
        "Who may reach it from outside, as CIDR; required with `NodePort` and `LoadBalancer`. The network policy and " +
        "the load balancer go by it.",
      otherwise: "nobody",
    }),
});

const egress = object({
  cidr: cidr.optional().meta({ description: "Addresses as CIDR, or one address.", otherwise: "–" }),
  except: list(cidr).optional().meta({ description: "Parts of `cidr` that it may not reach.", otherwise: "none" }),
  namespace: dnsLabel.optional().meta({ description: "A namespace of this cluster.", otherwise: "–" }),
  pods: labelMap.optional().meta({
    description: "Labels of the pods in `namespace`.",
    otherwise: "all of its pods",
  }),
  internet: flag.optional().meta({
    description: "`true`: servers outside, at any address that is not private.",
    otherwise: "–",
  }),
  ports: filledList(port, "name a port, or leave the key out for every port").optional().meta({
    description: "Ports: `587`, `53/udp`, `5000-5010`; of TCP where no protocol is named.",
    otherwise: "every port",
  }),
});

export const networkSettings = {
  service: front.optional().meta({
    description: "The Service in front of it: how it is reached from outside.",
    otherwise: "the cluster alone",
  }),
  egress: list(egress)
    .default([])
    .describe("What it may reach beside what the catalogue names: each is a `cidr`, a `namespace` or the `internet`."),
} satisfies z.ZodRawShape;

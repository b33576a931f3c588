/** How a service is reached from outside, and what it may reach: as configured, and as planned. Types only. */

export type OuterType = "ClusterIP" | "NodePort" | "LoadBalancer";
export type TrafficPolicy = "Cluster" | "Local";

/** The Service in front of a service, as configured. */
export interface FrontConfig {
  type: OuterType;
  annotations: Record<string, string>;
  loadBalancerClass?: string;
  /** By the port's name in the catalogue. */
  nodePorts: Record<string, number | string>;
  externalTrafficPolicy?: TrafficPolicy;
  /** Who may reach it from outside, as CIDR. */
  loadBalancerSourceRanges?: string[];
}

/** What a service may reach beside the catalogue, as configured: addresses, or pods of a namespace, or the internet. */
export interface EgressConfig {
  cidr?: string;
  except?: string[];
  namespace?: string;
  pods?: Record<string, string>;
  internet?: boolean;
  /** 587, "587/tcp", "5000-5010/udp"; every port where absent. */
  ports?: (number | string)[];
}

export interface NetworkSettings {
  service?: FrontConfig;
  egress: EgressConfig[];
}

export interface PortRange {
  protocol: "TCP" | "UDP" | "SCTP";
  port: number;
  endPort?: number;
}

export interface AddressBlock {
  cidr: string;
  except?: string[];
}

export interface EgressPlan {
  to: { blocks: AddressBlock[] } | { namespace: string; pods?: Record<string, string> };
  /** Absent: every port. */
  ports?: PortRange[];
}

/** What differs of a Service that only the cluster reaches. */
export interface FrontPlan {
  type: OuterType;
  annotations?: Record<string, string>;
  loadBalancerClass?: string;
  nodePorts?: Record<string, number>;
  externalTrafficPolicy?: TrafficPolicy;
  loadBalancerSourceRanges?: string[];
}

/** A peer of a network policy: pods of a service, or a whole namespace. */
export interface Peer {
  namespace: string;
  service?: string;
}

export interface NetworkPlan {
  /** Besides its own namespace. */
  from: Peer[];
  /** Addresses outside the cluster, as CIDR; absent: none. */
  outside?: string[];
  to: { peer: Peer; ports: number[] }[];
  internet: boolean;
  /** What the config adds. */
  egress?: EgressPlan[];
}

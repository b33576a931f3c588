import { createHash } from "node:crypto";
import { join } from "node:path";
import { instanceDir } from "../paths";
import { slotAddresses, type SlotAddresses } from "./addresses";

/** The one node's name. */
export const NODE = "local";

/** Exists inside an instance's mount namespace once that is complete. */
export const READY = "/run/cluster-storage-ready";

/**
 * A node's kubelet and container runtime. The paths exist only inside the instance. They are short, because the path of
 * a socket has at most 108 bytes.
 */
export interface NodeLayout {
  name: string;
  containerd: { socket: string; root: string; state: string };
  /** The kubelet's root directory. */
  kubelet: string;
  podLogs: string;
  /** The ports of the kubelet itself and of its health check. */
  ports: { kubelet: number; health: number };
}

const node: NodeLayout = {
  name: NODE,
  containerd: { socket: "/run/containerd/containerd.sock", root: "/var/lib/containerd", state: "/run/containerd" },
  kubelet: "/var/lib/kubelet",
  podLogs: "/var/log/pods",
  ports: { kubelet: 10250, health: 10248 },
};

/** Where everything of one instance is. */
export interface Layout {
  name: string;
  dir: string;
  addresses: SlotAddresses;
  /** `https://…` of the API server. */
  server: string;
  kubeconfig: string;
  context: string;
  volumes: string;
  certificates: string;
  config: string;
  logs: string;
  etcd: string;
  /** The group's path below each controller's root. */
  cgroup: string;
  node: NodeLayout;
}

/** `cgroup`: the one that an earlier version gave the instance; default: the instance's own. */
export function layoutOf(name: string, slot: number, cgroup = cgroupOf(name)): Layout {
  const dir = instanceDir(name);
  const addresses = slotAddresses(slot);
  return {
    name,
    dir,
    addresses,
    server: `https://${addresses.node}:6443`,
    kubeconfig: join(dir, "kubeconfig"),
    context: contextOf(name),
    volumes: join(dir, "volumes"),
    certificates: join(dir, "certificates"),
    config: join(dir, "config"),
    logs: join(dir, "logs"),
    etcd: join(dir, "etcd"),
    cgroup,
    node,
  };
}

export function contextOf(name: string): string {
  return `cluster-storage-${name}`;
}

/** Control groups belong to the machine, so two state directories may have instances of the same name. */
export function cgroupOf(name: string): string {
  return `cluster-storage-${name}-${createHash("sha256").update(instanceDir(name)).digest("hex").slice(0, 8)}`;
}

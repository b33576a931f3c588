import { join } from "node:path";
import { instanceDir } from "../paths";
import { slotAddresses, type SlotAddresses } from "./addresses";

/** The one node's name. */
export const NODE = "local";

/** Paths that only exist inside an instance's mount namespace; short, because a socket's path has 108 bytes at most. */
export const INSIDE = {
  containerd: "/run/containerd/containerd.sock",
  ready: "/run/cluster-storage-ready",
  kubelet: "/var/lib/kubelet",
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
  /** Below each controller's root. */
  cgroup: string;
}

export function layoutOf(name: string, slot: number): Layout {
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
    cgroup: cgroupOf(name),
  };
}

export function contextOf(name: string): string {
  return `cluster-storage-${name}`;
}

export function cgroupOf(name: string): string {
  return `cluster-storage-${name}`;
}

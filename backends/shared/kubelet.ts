import type { NodeFacts } from "../../model/node-facts";

/** Where a kubelet keeps its files unless it is told otherwise (`--root-dir`). */
export const usualDirectory = "/var/lib/kubelet";

/** A node's directory, and by what it is known: seen by the probe pod, or the distribution's usual one. */
export interface KubeletDirectory {
  path: string;
  seen: boolean;
  /** The distribution, where it is known by that. */
  distribution?: string;
}

/**
 * The directory of a node's kubelet. No API tells it: the kubelet's own configuration doesn't have it. A kubelet of k0s
 * is known by its version, and a node of microk8s by a label. k3s, RKE2, Talos, kind and kubeadm have the usual one.
 */
export function kubeletOf({ probe, kubeletVersion, labels }: NodeFacts): KubeletDirectory {
  if (probe?.kubelet !== undefined) return { path: probe.kubelet, seen: true };
  // https://docs.k0sproject.io/stable/storage/
  if (/\+k0s/.test(kubeletVersion)) return { path: "/var/lib/k0s/kubelet", seen: false, distribution: "k0s" };
  // https://microk8s.io/docs/services-and-ports
  if ("microk8s.io/cluster" in labels)
    return { path: "/var/snap/microk8s/common/var/lib/kubelet", seen: false, distribution: "microk8s" };
  return { path: usualDirectory, seen: false };
}

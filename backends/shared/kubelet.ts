import type { NodeFacts } from "../../model/node-facts";

/** Where a kubelet keeps its files unless it is told otherwise (`--root-dir`). */
export const usualDirectory = "/var/lib/kubelet";

/** A node's directory, and by what it is known: seen by the probe pod, or the distribution's usual one. */
export interface KubeletDirectory {
  /** One path, or several of one directory of which the kubelet uses one; the likeliest first. */
  paths: string[];
  seen: boolean;
  /** The distribution, where it is known by that alone. */
  distribution?: string;
}

/**
 * The directory of a node's kubelet. No API tells it: the kubelet's own configuration doesn't have it. A kubelet of k0s
 * is known by its version, and a node of microk8s by a label. k3s, RKE2, Talos, kind and kubeadm have the usual one.
 */
export function kubeletOf(node: NodeFacts): KubeletDirectory {
  const distribution = distributionOf(node);
  const usual = distribution?.path ?? usualDirectory;
  const paths = node.probe?.kubelet;
  if (paths) return { paths: paths.toSorted((a, b) => Number(b === usual) - Number(a === usual)), seen: true };
  return { paths: [usual], seen: false, ...(distribution && { distribution: distribution.name }) };
}

function distributionOf({ kubeletVersion, labels }: NodeFacts): { name: string; path: string } | undefined {
  // https://docs.k0sproject.io/stable/storage/
  if (/\+k0s/.test(kubeletVersion)) return { name: "k0s", path: "/var/lib/k0s/kubelet" };
  // https://microk8s.io/docs/services-and-ports
  if ("microk8s.io/cluster" in labels) return { name: "microk8s", path: "/var/snap/microk8s/common/var/lib/kubelet" };
  return undefined;
}

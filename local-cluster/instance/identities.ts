import { PODS, SERVICES } from "./addresses";
import type { Subject } from "./certificates";
import type { Layout } from "./layout";

/** Who talks to whom in an instance, each with the least group that Kubernetes has for it. */
export function identities({ addresses, node }: Layout): Subject[] {
  const cluster = [
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    "kubernetes.default.svc.cluster.local",
  ];
  return [
    { file: "admin", user: "admin", group: "system:masters" },
    {
      file: "kube-apiserver",
      user: "kube-apiserver",
      serves: ["127.0.0.1", "localhost", addresses.node, SERVICES.kubernetes, ...cluster],
    },
    { file: "kubelet-client", user: "kube-apiserver-kubelet-client", group: "system:masters" },
    { file: "kube-controller-manager", user: "system:kube-controller-manager" },
    { file: "kube-scheduler", user: "system:kube-scheduler" },
    { file: "kube-proxy", user: "system:kube-proxy" },
    { file: "kubelet", user: `system:node:${node.name}`, group: "system:nodes", serves: [node.name, addresses.node] },
    { file: "coredns", user: DNS_USER, serves: [PODS.gateway] },
  ];
}

export const DNS_USER = "cluster-storage:coredns";

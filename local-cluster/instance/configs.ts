import { join } from "node:path";
import { stringify } from "yaml";
import { PODS, SERVICES } from "./addresses";
import { componentKubeconfig } from "./kubeconfig";
import type { Layout } from "./layout";

/** The image that holds a pod's namespaces; it is imported, never pulled. */
const PAUSE = "localhost/cluster-storage/pause:1";

/** The abilities of the machine that settings depend on. */
export interface Abilities {
  snapshotter: "overlayfs" | "native";
  /** Root may lower a process's OOM score; without CAP_SYS_RESOURCE it may not. */
  lowersOomScore: boolean;
}

/** All configuration files of an instance, by their name in its `config` directory. */
export function configFiles(layout: Layout, tools: string, abilities: Abilities): Record<string, string> {
  return {
    "containerd.toml": containerd(layout, tools, abilities),
    "kubelet.yaml": stringify(kubelet(layout)),
    "kube-proxy.yaml": stringify(kubeProxy(layout)),
    "cni/10-bridge.conflist": JSON.stringify(network(), undefined, 2),
    Corefile: corefile(layout),
    "resolv.conf": `nameserver ${PODS.gateway}\n`,
  };
}

/** Paths are quoted as JSON strings, which TOML reads in the same way. */
function containerd(layout: Layout, tools: string, { snapshotter, lowersOomScore }: Abilities): string {
  const text = JSON.stringify;
  const { socket, root, state } = layout.node.containerd;
  return `version = 3
root = ${text(root)}
state = ${text(state)}
imports = []
[grpc]
address = ${text(socket)}
[plugins.'io.containerd.cri.v1.images']
snapshotter = ${text(snapshotter)}
[plugins.'io.containerd.cri.v1.images'.pinned_images]
sandbox = ${text(PAUSE)}
[plugins.'io.containerd.cri.v1.images'.registry]
config_path = "/etc/containerd/certs.d"
[plugins.'io.containerd.cri.v1.runtime']
restrict_oom_score_adj = ${!lowersOomScore}
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
BinaryName = ${text(join(tools, "runc"))}
Root = ${text(`${state}/runc`)}
SystemdCgroup = false
[plugins.'io.containerd.cri.v1.runtime'.cni]
bin_dirs = [${text(join(tools, "cni"))}]
conf_dir = ${text(join(layout.config, "cni"))}
[plugins.'io.containerd.nri.v1.nri']
disable = true
[plugins.'io.containerd.internal.v1.opt']
path = ${text(`${state}/opt`)}
`;
}

function kubelet(layout: Layout): object {
  const { node } = layout;
  const certificate = join(layout.certificates, "kubelet.pem");
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    port: node.ports.kubelet,
    healthzPort: node.ports.health,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: join(layout.certificates, "ca.crt") },
    },
    authorization: { mode: "Webhook" },
    tlsCertFile: certificate,
    tlsPrivateKeyFile: certificate,
    containerRuntimeEndpoint: `unix://${node.containerd.socket}`,
    cgroupDriver: "cgroupfs",
    cgroupRoot: `/${layout.cgroup}`,
    failCgroupV1: false,
    enforceNodeAllocatable: [],
    failSwapOn: false,
    // The kernel's settings belong to the machine; setup.sh shows the kubelet the values that it needs.
    protectKernelDefaults: true,
    clusterDomain: "cluster.local",
    clusterDNS: [PODS.gateway],
    resolvConf: join(layout.config, "resolv.conf"),
    volumePluginDir: `${node.kubelet}/volume-plugins`,
    podLogsDir: node.podLogs,
    containerLogMaxSize: "10Mi",
    containerLogMaxFiles: 2,
    maxPods: 250,
    serializeImagePulls: false,
    // Images that were made on this machine cannot be pulled again, so none is ever removed to make room.
    imageGCHighThresholdPercent: 100,
    evictionHard: {
      "memory.available": "100Mi",
      "nodefs.available": "500Mi",
      "imagefs.available": "500Mi",
      "nodefs.inodesFree": "1%",
    },
  };
}

/** The zeros leave the sizes and times of the connection table as they are: some of them belong to the machine. */
function kubeProxy(layout: Layout): object {
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    mode: "iptables",
    clusterCIDR: PODS.range,
    clientConnection: { kubeconfig: componentKubeconfig(layout, "kube-proxy") },
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
    iptables: { localhostNodePorts: false },
  };
}

function network(): object {
  const ipam = {
    type: "host-local",
    ranges: [[{ subnet: PODS.range, gateway: PODS.gateway }]],
    routes: [{ dst: "0.0.0.0/0" }],
    dataDir: "/run/cni",
  };
  return {
    cniVersion: "1.0.0",
    name: "pods",
    plugins: [
      { type: "bridge", bridge: "cni0", isGateway: true, hairpinMode: true, ipam },
      { type: "portmap", capabilities: { portMappings: true } },
    ],
  };
}

/**
 * CoreDNS serves the root zone as well, so that it answers at once that names outside the cluster do not exist. Nothing
 * outside can be reached anyway, and some resolvers wait for seconds where a server only refuses. It listens on the
 * node's address too, where the machine can ask it.
 */
function corefile(layout: Layout): string {
  return `. {
  bind ${PODS.gateway} ${layout.addresses.node}
  errors
  kubernetes cluster.local ${SERVICES.range} ${PODS.range} . {
    kubeconfig ${componentKubeconfig(layout, "coredns")} ${layout.context}
    ttl 5
  }
  loadbalance
}
`;
}

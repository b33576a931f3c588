import { join } from "node:path";
import { SERVICES } from "./addresses";
import { componentKubeconfig } from "./kubeconfig";
import type { Layout } from "./layout";

export type ComponentName =
  | "etcd"
  | "containerd"
  | "kube-apiserver"
  | "kube-controller-manager"
  | "kube-scheduler"
  | "kubelet"
  | "kube-proxy"
  | "coredns"
  | "egress";

/** A program of the instance, and how to find out whether it serves. */
export interface Component {
  name: ComponentName;
  command: string[];
  /** TCP port it listens on when it is up, or a socket's path inside the instance. */
  serves: number | string;
  /** The component runs in the machine's network, not the instance's. */
  machineNetwork?: true;
  /** The seconds that it gets to end by itself; default 10. */
  patience?: number;
  /** Its file in the instance's `config` directory. When the file changes, the component is restarted. */
  config?: string;
}

/** Port of the way out for image pulls, on the machine's end of the cable. */
const EGRESS_PORT = 3128;

export interface ComponentOptions {
  /** Directory with the binaries. */
  tools: string;
  /** False for instances that are thrown away: etcd doesn't wait for the disk. */
  durable: boolean;
}

/**
 * The variables that a component gets beside the tools': containerd pulls images through `egress`, and `egress` goes
 * through the machine's own proxy.
 */
export function componentEnvironment(
  layout: Layout,
  name: ComponentName,
  machine: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const proxy = machine.HTTPS_PROXY ?? machine.https_proxy;
  if (name === "egress") return proxy ? { HTTPS_PROXY: proxy } : {};
  if (name !== "containerd") return {};
  return { HTTPS_PROXY: `http://${layout.addresses.host}:${EGRESS_PORT}`, NO_PROXY: "localhost,127.0.0.1" };
}

/** The instance's programs in the order in which they are started. */
export function components(layout: Layout, { tools, durable }: ComponentOptions): Component[] {
  const { node } = layout;
  const bin = (name: ComponentName) => join(tools, name);
  const certificate = (name: string) => join(layout.certificates, `${name}.pem`);
  const authority = join(layout.certificates, "ca.crt");
  const config = (file: string) => join(layout.config, file);
  const kubeconfig = (name: ComponentName) => [`--kubeconfig=${componentKubeconfig(layout, name)}`];

  return [
    {
      name: "etcd",
      serves: 2379,
      patience: 5, // It would wait for an API server that does not end. All that it acknowledged is on the disk.
      command: [
        bin("etcd"),
        `--data-dir=${layout.etcd}`,
        "--listen-client-urls=http://127.0.0.1:2379",
        "--advertise-client-urls=http://127.0.0.1:2379",
        "--listen-peer-urls=http://127.0.0.1:2380",
        "--log-level=warn",
        "--auto-compaction-mode=periodic",
        "--auto-compaction-retention=1h",
        ...(durable ? [] : ["--unsafe-no-fsync"]),
      ],
    },
    {
      name: "egress",
      serves: EGRESS_PORT,
      machineNetwork: true,
      command: [
        process.execPath,
        join(__dirname, "egress.mjs"),
        ...[layout.addresses.host, String(EGRESS_PORT), layout.addresses.node],
      ],
    },
    {
      name: "containerd",
      serves: node.containerd.socket,
      config: "containerd.toml",
      command: [bin("containerd"), `--config=${config("containerd.toml")}`],
    },
    {
      name: "kube-apiserver",
      serves: 6443,
      patience: 3, // It stores nothing itself, and would wait for watchers that do not end.
      command: [
        bin("kube-apiserver"),
        "--etcd-servers=http://127.0.0.1:2379",
        "--secure-port=6443",
        `--advertise-address=${layout.addresses.node}`,
        `--service-cluster-ip-range=${SERVICES.range}`,
        "--authorization-mode=Node,RBAC",
        "--enable-admission-plugins=NodeRestriction",
        "--anonymous-auth=false",
        "--allow-privileged=true",
        `--client-ca-file=${authority}`,
        `--tls-cert-file=${certificate("kube-apiserver")}`,
        `--tls-private-key-file=${certificate("kube-apiserver")}`,
        `--service-account-key-file=${certificate("service-account")}`,
        `--service-account-signing-key-file=${certificate("service-account")}`,
        "--service-account-issuer=https://kubernetes.default.svc",
        `--kubelet-client-certificate=${certificate("kubelet-client")}`,
        `--kubelet-client-key=${certificate("kubelet-client")}`,
        `--kubelet-certificate-authority=${authority}`,
        "--kubelet-preferred-address-types=InternalIP",
      ],
    },
    {
      name: "kube-controller-manager",
      serves: 10257,
      command: [
        bin("kube-controller-manager"),
        ...kubeconfig("kube-controller-manager"),
        `--service-account-private-key-file=${certificate("service-account")}`,
        `--root-ca-file=${authority}`,
        `--cluster-signing-cert-file=${certificate("ca")}`,
        `--cluster-signing-key-file=${certificate("ca")}`,
        "--use-service-account-credentials=true",
        "--leader-elect=false",
        "--bind-address=127.0.0.1",
        `--flex-volume-plugin-dir=${node.kubelet}/volume-plugins`,
      ],
    },
    {
      name: "kube-scheduler",
      serves: 10259,
      command: [
        bin("kube-scheduler"),
        ...kubeconfig("kube-scheduler"),
        "--leader-elect=false",
        "--bind-address=127.0.0.1",
      ],
    },
    {
      name: "kubelet",
      serves: node.ports.kubelet,
      config: "kubelet.yaml",
      command: [
        bin("kubelet"),
        ...kubeconfig("kubelet"),
        `--config=${config("kubelet.yaml")}`,
        `--root-dir=${node.kubelet}`,
        `--hostname-override=${node.name}`,
        `--node-ip=${layout.addresses.node}`,
      ],
    },
    {
      name: "kube-proxy",
      serves: 10256,
      config: "kube-proxy.yaml",
      command: [bin("kube-proxy"), `--config=${config("kube-proxy.yaml")}`, `--hostname-override=${node.name}`],
    },
    { name: "coredns", serves: 53, config: "Corefile", command: [bin("coredns"), `-conf=${config("Corefile")}`] },
  ];
}

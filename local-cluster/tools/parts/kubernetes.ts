import { versions } from "../../versions";
import type { Part, Release } from "../part";
import { fromTools, github, prefixed, type Platform } from "./platform";

const kubernetesPrograms = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kube-proxy",
  "kubelet",
  "kubectl",
];
const cniPlugins = { bridge: "main", loopback: "main", "host-local": "ipam", portmap: "meta" };

function kubernetes({ os, arch }: Platform): Part {
  const base = `https://dl.k8s.io/release/v${versions.kubernetes}/bin/${os}/${arch}`;
  return {
    name: "kubernetes",
    version: versions.kubernetes,
    files: kubernetesPrograms,
    releases: kubernetesPrograms.map((name): Release => ({
      url: `${base}/${name}`,
      checksumUrl: `${base}/${name}.sha256`,
      take: name,
    })),
    programs: [fromTools("kube", "./kube", { links: kubernetesPrograms })],
  };
}

function containerd({ os, arch }: Platform): Part {
  const names = ["containerd", "containerd-shim-runc-v2", "ctr"];
  const base = github("containerd/containerd", `v${versions.containerd}`);
  const url = `${base}/containerd-static-${versions.containerd}-${os}-${arch}.tar.gz`;
  return {
    name: "containerd",
    version: versions.containerd,
    files: names,
    releases: [{ url, checksumUrl: `${url}.sha256sum`, take: prefixed("bin/", names) }],
    programs: names.map((name) => fromTools(name, `github.com/containerd/containerd/v2/cmd/${name}`)),
  };
}

function runc({ arch }: Platform): Part {
  const base = github("opencontainers/runc", `v${versions.runc}`);
  return {
    name: "runc",
    version: versions.runc,
    files: ["runc"],
    releases: [{ url: `${base}/runc.${arch}`, checksumUrl: `${base}/runc.sha256sum`, take: "runc" }],
    programs: [
      fromTools("runc", "github.com/opencontainers/runc", { seccomp: true, tags: ["seccomp", "netgo", "osusergo"] }),
    ],
  };
}

function cni({ os, arch }: Platform): Part {
  const base = github("containernetworking/plugins", `v${versions.cni}`);
  const url = `${base}/cni-plugins-${os}-${arch}-v${versions.cni}.tgz`;
  const names = Object.keys(cniPlugins);
  return {
    name: "cni",
    version: versions.cni,
    files: names.map((name) => `cni/${name}`),
    releases: [{ url, checksumUrl: `${url}.sha256`, take: prefixed("", names, "cni/") }],
    programs: Object.entries(cniPlugins).map(([name, kind]) =>
      fromTools(`cni/${name}`, `github.com/containernetworking/plugins/plugins/${kind}/${name}`),
    ),
  };
}

function etcd({ os, arch }: Platform): Part {
  const base = github("etcd-io/etcd", `v${versions.etcd}`);
  const folder = `etcd-v${versions.etcd}-${os}-${arch}`;
  return {
    name: "etcd",
    version: versions.etcd,
    files: ["etcd"],
    releases: [
      { url: `${base}/${folder}.tar.gz`, checksumUrl: `${base}/SHA256SUMS`, take: { [`${folder}/etcd`]: "etcd" } },
    ],
    programs: [fromTools("etcd", "go.etcd.io/etcd/server/v3")],
  };
}

function coredns({ os, arch }: Platform): Part {
  const url = `${github("coredns/coredns", `v${versions.coredns}`)}/coredns_${versions.coredns}_${os}_${arch}.tgz`;
  return {
    name: "coredns",
    version: versions.coredns,
    files: ["coredns"],
    releases: [{ url, checksumUrl: `${url}.sha256`, take: { coredns: "coredns" } }],
    programs: [fromTools("coredns", "./coredns")],
  };
}

/**
 * It is built alone: it imports client libraries by a path that differs from the others' in upper and lower case only,
 * and `go build` refuses both in one command.
 */
function localPathProvisioner(): Part {
  return {
    name: "local-path-provisioner",
    version: versions.localPathProvisioner,
    files: ["local-path-provisioner"],
    releases: [],
    programs: [fromTools("local-path-provisioner", "github.com/rancher/local-path-provisioner", { alone: true })],
  };
}

/** What the local cluster runs, beside Pulumi. */
export const kubernetesParts = (platform: Platform): Part[] => [
  ...[kubernetes, containerd, runc, cni, etcd, coredns].map((part) => part(platform)),
  localPathProvisioner(),
];

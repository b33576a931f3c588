import { readFileSync } from "node:fs";
import * as path from "node:path";
import { versions } from "../versions";
import type { GoProgram, Part, Release } from "./part";

/** The machine a tool is for, in Go's words: `linux`, `darwin`; `amd64`, `arm64`. */
export interface Platform {
  os: string;
  arch: string;
}

export function thisPlatform(): Platform {
  return { os: process.platform, arch: process.arch === "x64" ? "amd64" : process.arch };
}

const github = (repository: string, tag: string) => `https://github.com/${repository}/releases/download/${tag}`;
const fromTools = (file: string, pkg: string, more: Partial<GoProgram> = {}): GoProgram => ({
  module: "tools",
  package: pkg,
  file,
  ...more,
});
const prefixed = (prefix: string, names: string[], folder = "") =>
  Object.fromEntries(names.map((name) => [`${prefix}${name}`, `${folder}${name}`]));

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
  const url = `${github("containerd/containerd", `v${versions.containerd}`)}/containerd-static-${versions.containerd}-${os}-${arch}.tar.gz`;
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
  const url = `${github("containernetworking/plugins", `v${versions.cni}`)}/cni-plugins-${os}-${arch}-v${versions.cni}.tgz`;
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

/** It links client libraries by a path that differs from another's in case only, which one `go build` refuses. */
function localPathProvisioner(): Part {
  return {
    name: "local-path-provisioner",
    version: versions.localPathProvisioner,
    files: ["local-path-provisioner"],
    releases: [],
    programs: [fromTools("local-path-provisioner", "github.com/rancher/local-path-provisioner", { alone: true })],
  };
}

/** Starts a program's dynamic providers with the SDK that this program has installed. */
const dynamicProvider = `#!/bin/sh
exec node "$(node -p "require.resolve('@pulumi/pulumi/cmd/dynamic-provider')")" "$@"
`;

/** In front of the language host that is built, which is older than policy packs are in the official one. */
const languageHostScripts = ["pulumi-language-nodejs", "policy-host.cjs"];
const script = (file: string) => ({ file, text: readFileSync(path.join(__dirname, "language-host", file), "utf8") });

export function pulumi({ os, arch }: Platform): Part {
  const base = github("pulumi/pulumi", `v${versions.pulumi}`);
  const name = `pulumi-v${versions.pulumi}-${os}-${arch === "amd64" ? "x64" : arch}.tar.gz`;
  const files = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];
  return {
    name: "pulumi",
    version: versions.pulumi,
    files,
    releases: [
      {
        url: `${base}/${name}`,
        checksumUrl: `${base}/pulumi-${versions.pulumi}-checksums.txt`,
        take: prefixed("pulumi/", files),
      },
    ],
    programs: [
      fromTools("pulumi", "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"),
      {
        module: "language-host",
        package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
        file: "language-host",
      },
    ],
    scripts: [{ file: "pulumi-resource-pulumi-nodejs", text: dynamicProvider }, ...languageHostScripts.map(script)],
  };
}

function kubeconform({ os, arch }: Platform): Part {
  const base = github("yannh/kubeconform", `v${versions.kubeconform}`);
  return {
    name: "kubeconform",
    version: versions.kubeconform,
    files: ["kubeconform"],
    releases: [
      {
        url: `${base}/kubeconform-${os}-${arch}.tar.gz`,
        checksumUrl: `${base}/CHECKSUMS`,
        take: { kubeconform: "kubeconform" },
      },
    ],
    programs: [fromTools("kubeconform", "github.com/yannh/kubeconform/cmd/kubeconform")],
  };
}

/** It needs kinds that Kubernetes' own packages no longer have, so it is built apart from them. */
function kubeScore({ os, arch }: Platform): Part {
  const base = github("zegl/kube-score", `v${versions.kubeScore}`);
  return {
    name: "kube-score",
    version: versions.kubeScore,
    files: ["kube-score"],
    releases: [
      {
        url: `${base}/kube-score_${versions.kubeScore}_${os}_${arch}`,
        checksumUrl: `${base}/checksums.txt`,
        take: "kube-score",
      },
    ],
    programs: [
      {
        module: "none",
        package: `github.com/zegl/kube-score/cmd/kube-score@v${versions.kubeScore}`,
        file: "kube-score",
      },
    ],
  };
}

export const clusterParts = (platform: Platform): Part[] => [
  ...[kubernetes, containerd, runc, cni, etcd, coredns].map((part) => part(platform)),
  localPathProvisioner(),
  pulumi(platform),
];

/** Has no dependency on the others', and brings its own. */
function actionlint({ os, arch }: Platform): Part {
  const base = github("rhysd/actionlint", `v${versions.actionlint}`);
  const name = `actionlint_${versions.actionlint}`;
  return {
    name: "actionlint",
    version: versions.actionlint,
    files: ["actionlint"],
    releases: [
      {
        url: `${base}/${name}_${os}_${arch}.tar.gz`,
        checksumUrl: `${base}/${name}_checksums.txt`,
        take: { actionlint: "actionlint" },
      },
    ],
    programs: [
      {
        module: "none",
        package: `github.com/rhysd/actionlint/cmd/actionlint@v${versions.actionlint}`,
        file: "actionlint",
      },
    ],
  };
}

export const testParts = (platform: Platform): Part[] =>
  [kubeconform, kubeScore, actionlint].map((part) => part(platform));

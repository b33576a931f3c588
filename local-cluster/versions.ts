import pinned from "./digests.json";
import { dependencies } from "./package.json";

/** The version of each tool. local-cluster/go/ pins the same versions for what is built instead of downloaded. */
export const versions = {
  kubernetes: "1.36.3",
  containerd: "2.3.7",
  runc: "1.5.2",
  cni: "1.9.1",
  etcd: "3.7.3",
  coredns: "1.15.0",
  pulumi: "3.259.0",
  /**
   * The last version of the Go module that has Pulumi's language host for Node. Only for a Pulumi that is built: the
   * official archive has a language host of its own.
   */
  languageHost: "3.68.0",
  /** The newest version that is a Go module. Only the throw-away local cluster uses it, never a user's own cluster. */
  localPathProvisioner: "0.0.30",
  /** The version of the image that backups run on a user's own cluster too (config/backups.ts). */
  restic: "0.19.1",
  /** Only tests run it. */
  versitygw: "1.8.0",
  kubeconform: "0.8.0",
  kubeScore: "1.20.0",
  actionlint: "1.7.12",
  gitleaks: "8.30.1",
} as const;

/** SHA-256 of release files, by their address. */
export type Digests = Readonly<Record<string, string>>;

/**
 * Of each file that may be downloaded, for every platform: what it holds runs as root, so this repository says what it
 * has to be. `npm run pin -- --tools` writes them where the releases' hosts are reached. These are what at least two
 * other projects have pinned of the same files; nothing of the others' was found. What has none is built from source,
 * which `go.sum` verifies.
 */
export const digests: Digests = pinned;

/** The versions of the resource plugins, which are those of the SDK packages. */
export const pluginVersions = {
  kubernetes: dependencies["@pulumi/kubernetes"],
  command: dependencies["@pulumi/command"],
  random: dependencies["@pulumi/random"],
};

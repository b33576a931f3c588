import { readFileSync } from "node:fs";
import * as path from "node:path";

/** Every tool's version. What is built instead of downloaded is pinned to the same by cluster/go/. */
export const versions = {
  kubernetes: "1.36.3",
  containerd: "2.3.7",
  runc: "1.5.2",
  cni: "1.9.1",
  etcd: "3.7.3",
  coredns: "1.15.0",
  pulumi: "3.259.0",
  /**
   * The Go module's last version with Pulumi's language host for Node: built only; the official archive has its own.
   */
  languageHost: "3.68.0",
  /** The newest that the Go module proxy serves: for the throw-away local cluster, never for a stack. */
  localPathProvisioner: "0.0.30",
  kubeconform: "0.8.0",
  kubeScore: "1.20.0",
  actionlint: "1.7.12",
} as const;

/** Versions of the resource plugins, which are those of the SDK packages. */
export function pluginVersions(): Record<"kubernetes" | "command" | "random", string> {
  const file = path.join(__dirname, "..", "package.json");
  const { dependencies } = JSON.parse(readFileSync(file, "utf8")) as { dependencies: Record<string, string> };
  const of = (name: string) => dependencies[`@pulumi/${name}`]!;
  return { kubernetes: of("kubernetes"), command: of("command"), random: of("random") };
}

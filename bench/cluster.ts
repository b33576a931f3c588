import { execa } from "execa";
import { join } from "node:path";
import { parse } from "yaml";
import { deleteInstance } from "../local-cluster/instance/instance";
import { instanceDir } from "../local-cluster/paths";
import type { Progress } from "../local-cluster/progress";
import { ensureTools } from "../local-cluster/tools";
import { overrideConfig } from "../ops/pulumi/overrides";
import { devStack, readStackConfig } from "../ops/pulumi/project";
import { prepareLocal } from "../ops/start/local";
import { toYaml, type Manifest } from "../tests/manifests/checkers";

const instance = "bench";

/** A local cluster for the benchmarks alone, and the dev stack's config for it. */
export interface BenchCluster {
  kubeconfig: string;
  config: Record<string, unknown>;
  /** Runs kubectl and returns what it printed. */
  kubectl: (args: string[], input?: string) => Promise<string>;
}

/** Starts the cluster with its images, runs the work, and deletes the cluster. */
export async function withCluster<T>(progress: Progress, work: (cluster: BenchCluster) => Promise<T>): Promise<T> {
  const { overrides } = await prepareLocal(progress, instance, false);
  try {
    const { bin } = await ensureTools(progress);
    const kubeconfig = join(instanceDir(instance), "kubeconfig");
    const kubectl = async (args: string[], input?: string) =>
      (await execa(join(bin, "kubectl"), ["--kubeconfig", kubeconfig, ...args], { input: input ?? "" })).stdout;
    const { config } = parse(overrideConfig(await readStackConfig(devStack), overrides)) as {
      config: Record<string, unknown>;
    };
    return await work({ kubeconfig, config, kubectl });
  } finally {
    await deleteInstance(instance);
  }
}

/** Runs one `kubectl apply` of all objects. Namespaces come first, as in a file that a person writes. */
export async function apply({ kubectl }: BenchCluster, objects: readonly Manifest[]): Promise<void> {
  const first = objects.filter(({ kind }) => kind === "Namespace");
  const rest = objects.filter(({ kind }) => kind !== "Namespace");
  await kubectl(["apply", "-f", "-"], toYaml([...first, ...rest]));
}

const provisionerKinds = ["Deployment", "ClusterRole", "ClusterRoleBinding", "StorageClass"];

/**
 * Removes all of the stack's objects and every volume. The objects that use volumes go first. When the last volume is
 * gone, the objects that make and remove volumes go too.
 */
export async function cleanUp({ kubectl }: BenchCluster, objects: readonly Manifest[]): Promise<void> {
  const provisioner = objects.find(
    ({ kind, metadata }) => kind === "Deployment" && metadata.name.endsWith("-provisioner"),
  )!.metadata.namespace!;
  const namespaces = objects.filter(({ kind }) => kind === "Namespace").map(({ metadata }) => metadata.name);
  const remove = (kind: string, names: string[]) =>
    names.length > 0 ? kubectl(["delete", kind, ...names, "--ignore-not-found", "--timeout=10m"]) : "";
  await remove(
    "namespace",
    namespaces.filter((name) => name !== provisioner),
  );
  while ((await kubectl(["get", "persistentvolumes", "-o", "name"])).trim() !== "")
    await new Promise((resolve) => setTimeout(resolve, 500));
  await remove("namespace", [provisioner]);
  for (const kind of provisionerKinds) {
    await remove(
      kind.toLowerCase(),
      objects
        .filter((object) => object.kind === kind && !object.metadata.namespace)
        .map(({ metadata }) => metadata.name),
    );
  }
}

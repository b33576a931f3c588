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

/** A local cluster of its own, and the dev stack's config as it is on it. */
export interface BenchCluster {
  kubeconfig: string;
  config: Record<string, unknown>;
  /** Runs kubectl and returns what it printed. */
  kubectl: (args: string[], input?: string) => Promise<string>;
}

/** Starts the cluster with its images, and deletes it after the work. */
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

/** `kubectl apply` of all at once, namespaces first, as a person would keep them in a file. */
export async function apply({ kubectl }: BenchCluster, objects: readonly Manifest[]): Promise<void> {
  const first = objects.filter(({ kind }) => kind === "Namespace");
  const rest = objects.filter(({ kind }) => kind !== "Namespace");
  await kubectl(["apply", "-f", "-"], toYaml([...first, ...rest]));
}

const provisionerKinds = ["Deployment", "ClusterRole", "ClusterRoleBinding", "StorageClass"];

/**
 * Takes everything of the stack away again, and with it every volume: first what uses volumes, then, when
 * the last volume is gone, what makes and removes them.
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

import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { ifFound } from "../../kube/client";
import { stackAnnotation } from "../../model/metadata";
import { overrideConfig, type Overrides } from "../../ops/pulumi/overrides";
import type { StateExport, StateResource } from "../../ops/pulumi/state";
import type { Ended } from "./cli";
import { useDeployedStack, type Cluster } from "./fixture";
import { idOf, stackObjects } from "./objects";
import { until } from "./state";
import { ownCheckout, run, type TwoStacks } from "./two-stacks";

export const namespace = "identity-cache";

/** A person's own stack with Redis, in a checkout and a backend of its own, deployed under the name "old". */
export function useOwnStack(): () => { cluster: Cluster; stacks: TwoStacks } {
  const cluster = useDeployedStack();
  let stacks: TwoStacks;
  before("a stack of one's own", async function () {
    this.timeout(240_000);
    stacks = await ownCheckout(cluster());
    await writeFile(join(stacks.directory, "Pulumi.old.yaml"), stackFile(cluster()));
    await run(stacks, "pulumi", "stack", "init", "old", "--non-interactive");
    await run(stacks, "pulumi", "up", "--yes", "--skip-preview", "--stack", "old", "--non-interactive");
  });
  after("without it", async function () {
    this.timeout(120_000);
    await removeNamespace(cluster());
    await rm(join(stacks.directory, ".."), { recursive: true });
  });
  return () => ({ cluster: cluster(), stacks });
}

function stackFile({ target: { stack }, overrides }: Cluster): string {
  const { context } = overrides["cluster-storage:cluster"] as { context: string };
  const images = overrides["cluster-storage:services"] as Record<string, Overrides> | undefined;
  return overrideConfig("config: {}\n", {
    "pulumi:autonaming": { mode: "disabled" },
    "pulumi:disable-default-providers": ["kubernetes"],
    "cluster-storage:cluster": { context, kubeconfig: stack.env.KUBECONFIG, identifier: "identity" },
    "cluster-storage:backends": {
      "local-path": { type: "existing", class: "local-path", default: true, accessModes: ["ReadWriteOnce"] },
    },
    ...(overrides["cluster-storage:mover"] ? { "cluster-storage:mover": overrides["cluster-storage:mover"] } : {}),
    "cluster-storage:services": { redis: { size: "1Gi", class: "local-path", namespace, ...images?.redis } },
  });
}

/** Runs Pulumi on the stack as a person would; never throws for its failure. */
export async function pulumiOn({ directory, env }: TwoStacks, ...args: string[]): Promise<Ended> {
  const all = [...args, "--stack", "new", "--suppress-outputs", "--non-interactive", "--color", "never"];
  const result = await execa("pulumi", all, { cwd: directory, env, extendEnv: false, all: true, reject: false });
  return { exitCode: result.exitCode, printed: result.all };
}

/** Changes each resource of the state, past the program. */
export async function doctor(stacks: TwoStacks, change: (resource: StateResource) => StateResource): Promise<void> {
  const state = JSON.parse(await run(stacks, "pulumi", "stack", "export", "--stack", "new")) as StateExport;
  const resources = (state.deployment.resources ?? []).map(change);
  const { directory, env } = stacks;
  const input = JSON.stringify({ ...state, deployment: { ...state.deployment, resources } });
  await execa("pulumi", ["stack", "import", "--stack", "new"], { cwd: directory, env, extendEnv: false, input });
}

/** What the stack has in the cluster: the uid and the mark of each object, and its pods' uids. */
export async function ownObjects({ kube }: Cluster): Promise<{ uids: string[]; marks: string[]; pods: string[] }> {
  const own = [...(await stackObjects(kube)).values()].filter(({ metadata }) =>
    [metadata?.name, metadata?.namespace].includes(namespace),
  );
  const pods = (await kube.core.listNamespacedPod({ namespace })).items;
  return {
    uids: own.map((object) => `${object.kind} ${idOf(object)} ${object.metadata?.uid}`).sort(),
    marks: [...new Set(own.map(({ metadata }) => metadata?.annotations?.[stackAnnotation] ?? ""))].sort(),
    pods: pods.map(({ metadata }) => metadata?.uid ?? "").sort(),
  };
}

/** Deletes all that the stack has, as a cluster's end does. */
export async function removeNamespace({ kube }: Cluster): Promise<void> {
  if (!(await ifFound(kube.core.readNamespace({ name: namespace })))) return;
  const { items } = await kube.core.listNamespacedPod({ namespace });
  for (const { metadata } of items)
    await ifFound(kube.core.deleteNamespacedPod({ namespace, name: metadata!.name!, gracePeriodSeconds: 1 }));
  await ifFound(kube.core.deleteNamespace({ name: namespace }));
  await until("the namespace and its volume are gone", async () => {
    const volumes = (await kube.core.listPersistentVolume()).items;
    const left = volumes.some(({ spec }) => spec?.claimRef?.namespace === namespace);
    return !left && !(await ifFound(kube.core.readNamespace({ name: namespace })));
  });
}

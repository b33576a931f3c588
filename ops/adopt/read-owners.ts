import type { Kube } from "../../kube/client";
import { nameOf } from "./claims";
import { claimsOf } from "./owners";
import type { LiveObject, Planned } from "./types";

/** Workloads in these namespaces that name a planned claim and that the program doesn't have, scaled down or not. */
export async function listOwners(
  kube: Kube,
  planned: readonly Planned[],
  recorded: readonly Planned[],
  namespaces: ReadonlySet<string>,
): Promise<LiveObject[]> {
  const ids = (resources: readonly Planned[], kind: RegExp) =>
    resources.filter(({ type }) => kind.test(type)).map((resource) => idOf(resource));
  const claims = new Set(ids(planned, /:PersistentVolumeClaim$/).map(({ id }) => id));
  const own = new Set(
    ids([...planned, ...recorded], /:(Deployment|StatefulSet)$/).map(({ kind, id }) => `${kind} ${id}`),
  );
  const lists = await Promise.all([...namespaces].map((namespace) => listWorkloads(kube, namespace)));
  return lists.flat().filter((workload) => {
    const { kind, metadata } = workload;
    const controlled = metadata.ownerReferences?.some(({ controller }) => controller) ?? false;
    return (
      !controlled &&
      !own.has(`${kind} ${metadata.namespace}/${metadata.name}`) &&
      claimsOf(workload).some((claim) => claims.has(claim))
    );
  });
}

function idOf(resource: Planned): { kind: string; id: string } {
  const { name, namespace } = nameOf(resource);
  return { kind: resource.type.split(":").pop() ?? "", id: `${namespace}/${name}` };
}

async function listWorkloads({ apps }: Kube, namespace: string): Promise<LiveObject[]> {
  const lists = await Promise.all([
    apps.listNamespacedDeployment({ namespace }).then(({ items }) => named("Deployment", items)),
    apps.listNamespacedStatefulSet({ namespace }).then(({ items }) => named("StatefulSet", items)),
    apps.listNamespacedReplicaSet({ namespace }).then(({ items }) => named("ReplicaSet", items)),
    apps.listNamespacedDaemonSet({ namespace }).then(({ items }) => named("DaemonSet", items)),
  ]);
  return lists.flat();
}

/** Objects of a list come without their kind. */
const named = (kind: string, items: readonly object[]) =>
  items.map((item) => ({ ...item, apiVersion: "apps/v1", kind }) as LiveObject);

import type { V1Node, V1PersistentVolume } from "@kubernetes/client-node";
import { UserError } from "../../model/user-error";
import { didYouMean } from "../../model/nearest";

/** The nodes that a volume can be reached from; undefined where every node may reach it. */
export function nodesOf({ spec }: V1PersistentVolume): string[] | undefined {
  const terms = spec?.nodeAffinity?.required?.nodeSelectorTerms;
  const named = terms?.map(({ matchExpressions = [], matchFields = [] }) => {
    const byName = [...matchExpressions, ...matchFields].find(
      ({ key, operator }) => ["kubernetes.io/hostname", "metadata.name"].includes(key) && operator === "In",
    );
    return byName?.values;
  });
  // Terms are alternatives: one that names no node, such as a zone's, leaves all nodes possible.
  return named?.every((values) => values !== undefined) && named.length > 0 ? named.flat() : undefined;
}

/** Whether pods can go to a node. */
export const schedulable = (node: V1Node) => reasonAgainst(node) === undefined;

/** Why no pod can go to a node; undefined where they can. */
function reasonAgainst({ metadata, spec, status }: V1Node): string | undefined {
  if (spec?.unschedulable) return `the node is cordoned (kubectl uncordon ${metadata?.name})`;
  if (!status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True"))
    return "the node isn't Ready";
  const taint = spec?.taints?.find(({ effect }) => effect === "NoSchedule" || effect === "NoExecute");
  return taint && `the node has the taint ${taint.key}${taint.value ? `=${taint.value}` : ""}:${taint.effect}`;
}

/** Throws a UserError for a node that the cluster doesn't have, or that no pod can go to. */
export function assertTakesPods(name: string, nodes: readonly V1Node[]): void {
  assertNode(
    name,
    nodes.map(({ metadata }) => metadata?.name ?? ""),
  );
  const reason = reasonAgainst(nodes.find(({ metadata }) => metadata?.name === name)!);
  if (reason !== undefined)
    throw new UserError(`no pod can go to node "${name}", so no volume can be made there: ${reason}`);
}

/** Throws a UserError for a node whose volumes can't be read, because a pod on it has to read them. */
export function assertReadable(name: string, nodes: readonly V1Node[]): void {
  const node = nodes.find(({ metadata }) => metadata?.name === name);
  const reason = node && reasonAgainst(node);
  if (reason !== undefined)
    throw new UserError(
      `no pod can go to node "${name}", and a pod there has to read the volumes that leave it: ${reason}; nothing ` +
        "was changed. Drain the node once its data has moved",
    );
}

/** Throws a UserError, with the nearest name, for a node that the cluster doesn't have. */
export function assertNode(name: string, nodes: readonly string[]): void {
  if (!nodes.includes(name))
    throw new UserError(
      `the cluster has no node "${name}"${didYouMean(name, nodes) || `; it has: ${[...nodes].sort().join(", ")}`}`,
    );
}

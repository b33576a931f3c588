import type { NodeFacts } from "../../model/node-facts";
import { tolerates } from "../../model/nodes";
import type { NodeTerm, PodSettings, Requirement, Toleration } from "../../model/pod-settings";

/** Whether a service's pod can go to a node, by what the config says of both. */

type Node = Pick<NodeFacts, "name" | "labels">;
type Taint = NodeFacts["taints"][number];

/** Kubernetes' own rules (kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node). */
function holds({ key, operator, values = [] }: Requirement, value: string | undefined): boolean {
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return value !== undefined && Number(value) > Number(values[0]);
    case "Lt":
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      throw new Error(`unknown operator of ${key}`);
  }
}

const termHolds = ({ matchExpressions = [], matchFields = [] }: NodeTerm, { name, labels }: Node): boolean =>
  matchExpressions.every((each) => holds(each, labels[each.key])) && matchFields.every((each) => holds(each, name));

/** Why a pod with these settings can't go to a node: the key of the config, and what is missing at the node. */
export function misfit(pod: PodSettings = {}, node: Node): { key: string; why: string; label?: string } | undefined {
  const missing = Object.entries(pod.nodeSelector ?? {}).find(([label, value]) => node.labels[label] !== value);
  if (missing) {
    const [label, value] = missing;
    const has = node.labels[label];
    return {
      key: "nodeSelector",
      why:
        has === undefined
          ? `node ${node.name} has no label ${label}=${value}`
          : `node ${node.name} has ${label}=${has}, not ${label}=${value}`,
      ...(has === undefined && { label: `${label}=${value}` }),
    };
  }
  const terms = pod.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return terms && !terms.some((term) => termHolds(term, node))
    ? { key: "affinity", why: `node ${node.name} fits none of the terms of its nodeAffinity` }
    : undefined;
}

/** The first taint of a node that keeps a pod with these tolerations away; undefined where none does. */
export const keptOffBy = (tolerations: readonly Toleration[] = [], taints: readonly Taint[]): Taint | undefined =>
  taints.find(
    (taint) => taint.effect !== "PreferNoSchedule" && !tolerations.some((toleration) => tolerates(toleration, taint)),
  );

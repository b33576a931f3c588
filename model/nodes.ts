import type { VolumeFacts } from "./facts";
import type { NodeFacts } from "./node-facts";
import type { Toleration } from "./pod-settings";

/** The label by which the affinities of volumes name a node. */
export const hostnameLabel = "kubernetes.io/hostname";

/** What that label says of a node. It is mostly the node's name; a cloud or an administrator may set another value. */
export const hostnameOf = ({ name, labels }: Pick<NodeFacts, "name" | "labels">): string =>
  labels[hostnameLabel] ?? name;

/** The names of the nodes that alone can reach a volume; undefined where its affinity limits it to no nodes. */
export function nodesOf(
  { tiedTo, tiedByName = false }: Pick<VolumeFacts, "tiedTo" | "tiedByName">,
  nodes: readonly Pick<NodeFacts, "name" | "labels">[],
): string[] | undefined {
  return tiedTo?.flatMap((value) => {
    const named = nodes.filter((node) => (tiedByName ? node.name : hostnameOf(node)) === value);
    // A node that is gone, or that may not be read, is called as the volume calls it.
    return named.length > 0 ? named.map(({ name }) => name) : [value];
  });
}

/** Whether a volume's affinity lets pods on a node reach it. */
export const isReachedFrom = (
  { tiedTo, tiedByName = false }: Pick<VolumeFacts, "tiedTo" | "tiedByName">,
  node: Pick<NodeFacts, "name" | "labels">,
): boolean => !tiedTo || tiedTo.includes(tiedByName ? node.name : hostnameOf(node));

type Taint = NodeFacts["taints"][number];

/** As the scheduler decides it: an empty key with Exists is every taint, and an empty effect is every effect. */
export const tolerates = ({ key, operator = "Equal", value = "", effect }: Toleration, taint: Taint): boolean =>
  (!effect || effect === taint.effect) &&
  (key ? key === taint.key : operator === "Exists") &&
  (operator === "Exists" || value === (taint.value ?? ""));

/** Why a node takes no pod, in a word that each caller puts into its own sentence; undefined where it takes one. */
export type Unfit = { why: "deleting" } | { why: "not ready" } | { why: "cordoned" } | { why: "tainted"; taint: Taint };

/** The taints by which Kubernetes itself marks what is told apart here by the node's own fields. */
const ofKubernetes = /^node\.kubernetes\.io\/(unschedulable|not-ready|unreachable)$/;

/** Why a node takes no new pod with these tolerations; undefined where it takes one. */
export function unfitness(node: NodeFacts, tolerations: readonly Toleration[] = []): Unfit | undefined {
  const tolerated = (taint: Taint) => tolerations.some((each) => tolerates(each, taint));
  if (node.deleting) return { why: "deleting" };
  if (node.unschedulable && !tolerated({ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }))
    return { why: "cordoned" };
  if (node.conditions.Ready !== "True") return { why: "not ready" };
  const taint = node.taints.find(
    (each) => each.effect !== "PreferNoSchedule" && !ofKubernetes.test(each.key) && !tolerated(each),
  );
  return taint && { why: "tainted", taint };
}

/** The same in words that follow "the node", with the command that mends it where there is one. */
export function whyNoPod(node: NodeFacts, tolerations: readonly Toleration[] = []): string | undefined {
  const unfit = unfitness(node, tolerations);
  if (!unfit) return undefined;
  if (unfit.why === "deleting") return "is being deleted";
  if (unfit.why === "not ready") return "isn't Ready";
  if (unfit.why === "cordoned") return `is cordoned (kubectl uncordon ${node.name})`;
  return `has the taint ${taintText(unfit.taint)}`;
}

/** A taint as kubectl writes it. */
export const taintText = ({ key, value, effect }: Taint) => `${key}${value ? `=${value}` : ""}:${effect}`;

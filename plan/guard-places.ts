import { pathText, volumePath } from "../model/config-path";
import type { ClaimFacts, ClusterFacts } from "../model/facts";
import type { NodeFacts } from "../model/node-facts";
import { nodesOf, taintText } from "../model/nodes";
import type { Fault, ServicePlan, StoragePlan } from "../model/plan";
import type { ClaimPlan, VolumePlan } from "../model/storage";
import { finder, isBound, isTied } from "./guard-nodes";
import { keptOffBy, misfit } from "./settings/fits";

/**
 * Settings by which a service's pod could not go to the node where its volume is. The old pod is gone before Kubernetes
 * finds no node for the new one, so this is refused before the update.
 */
export function guardPlaces(plan: StoragePlan, facts: ClusterFacts): Fault[] {
  const { nodes } = facts;
  if (!nodes) return [];
  return plan.services
    .filter(({ run }) => run)
    .flatMap((service) =>
      service.claims.flatMap((claim) => {
        const at = placeOf(plan, claim, nodes, facts);
        const there = at ? nodes.filter(({ name }) => at.names.includes(name)) : [];
        const wrong = there.map((node) => judge(service, claim, at!.bound, node, facts));
        // Where one of several nodes will do, the pod goes there.
        return wrong.length > 0 && wrong.every((faults) => faults.length > 0) ? wrong[0]! : [];
      }),
    )
    .filter(({ path }, i, all) => all.findIndex((other) => other.path === path) === i);
}

/** The nodes that a claim's volume is on or will be on; undefined where it can be reached from others too. */
export function placeOf(
  plan: StoragePlan,
  claim: ClaimPlan,
  nodes: readonly NodeFacts[],
  { claims, volumes = [] }: Pick<ClusterFacts, "claims" | "volumes">,
): { names: string[]; bound?: ClaimFacts } | undefined {
  const found = finder(claims);
  const of = (volume: VolumePlan): { names: string[]; bound?: ClaimFacts } | undefined => {
    const there = found(volume);
    if (!there || !isBound(there)) return volume.node === undefined ? undefined : { names: [volume.node] };
    const volumeOf = volumes.find(({ name }) => name === there.volume);
    const names =
      (volumeOf && nodesOf(volumeOf, nodes)) ??
      (isTied(plan, volume.backend) && there.node !== undefined ? [there.node] : undefined);
    return names && { names, bound: there };
  };
  // One pod mounts both volumes of such a move, so the new one is made where the old one is.
  return of(claim) ?? (claim.move?.kind === "copy" && !claim.move.across ? of(claim.move.from) : undefined);
}

function judge(
  service: ServicePlan,
  claim: ClaimPlan,
  bound: ClaimFacts | undefined,
  node: NodeFacts,
  facts: ClusterFacts,
): Fault[] {
  const { name, pod } = service;
  const at = (key: string) => pathText(["services", name, key]);
  const nowhere = bound && `claim ${bound.name} has its volume on node ${node.name}, so the pod could start nowhere; `;
  const move = `move the data: npm run move -- ${name} --node NODE`;
  const wrong = misfit(pod, node);
  if (wrong)
    return [
      bound
        ? { path: at(wrong.key), message: `${wrong.why}, and ${nowhere}${wayOut(wrong, node)}or ${move}` }
        : {
            path: volumePath(claim, "node"),
            message: `${wrong.why}, which ${at(wrong.key)} asks for; name another node, or change that key`,
          },
    ];
  const taint = keptOffBy(pod?.tolerations, node.taints.filter(isLasting));
  if (!taint) return [];
  // Of a node that a new volume is to be on, guardNodes says it.
  if (!bound) return [];
  // A taint that came later doesn't end the pod that runs, and is no reason to refuse what doesn't concern it.
  const before = facts.runs?.find((run) => run.kind === service.kind && run.name === name && isIn(run, service));
  if (!before?.tolerations || keptOffBy(before.tolerations, [taint])) return [];
  return [
    {
      path: at("tolerations"),
      message:
        `the pod would no longer tolerate the taint ${taintText(taint)} of node ${node.name}, and ${nowhere}` +
        `keep the toleration, or ${move}`,
    },
  ];
}

const isIn = ({ namespace }: { namespace: string }, service: ServicePlan) => namespace === service.namespace;

/** A taint that somebody has set, and not one that comes and goes with the node's state. */
const isLasting = ({ key }: NodeFacts["taints"][number]) => !key.startsWith("node.kubernetes.io/");

function wayOut({ key, label }: { key: string; label?: string }, { name }: NodeFacts): string {
  if (label !== undefined) return `take the label out, give it to the node (kubectl label node ${name} ${label}), `;
  return key === "affinity" ? "change the terms, " : "change the value, ";
}

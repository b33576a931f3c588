import { pathText, volumePath } from "../model/config-path";
import type { ClusterFacts, RunFacts } from "../model/facts";
import type { NodeFacts } from "../model/node-facts";
import { unfitness, whyNoPod } from "../model/nodes";
import type { Fault, ServicePlan, StoragePlan } from "../model/plan";
import type { ClaimPlan } from "../model/storage";
import { placeOf } from "./guard-places";
import { difference, type Dry, type PodTemplate } from "./pod-template";

/** A service whose pod could not start again: its volume is on a node that takes no pods now. */
export interface Stranded {
  service: ServicePlan;
  claim: ClaimPlan;
  /** The name of the claim that has the volume. */
  bound: string;
  node: NodeFacts;
  /** Neither its workload nor a pod of it is there. False where that may not be read. */
  isNew: boolean;
}

export function strandedServices(plan: StoragePlan, facts: ClusterFacts): Stranded[] {
  if (plan.adopting) return [];
  return plan.services
    .filter(({ run }) => run)
    .flatMap((service) => service.claims.flatMap((claim) => strandedBy(plan, service, claim, facts)).slice(0, 1));
}

function strandedBy(plan: StoragePlan, service: ServicePlan, claim: ClaimPlan, facts: ClusterFacts): Stranded[] {
  const { nodes = [], runs } = facts;
  const at = placeOf(plan, claim, nodes, facts);
  const there = nodes.filter(({ name }) => at?.names.includes(name));
  // Where one of several nodes will do, the pod goes there.
  const [node] = there.some((each) => !unfitness(each, service.pod?.tolerations)) ? [] : there;
  if (!at?.bound || !node) return [];
  const isNew = runs !== undefined && !runs.some((run) => isOf(service, run));
  return [{ service, claim, bound: at.bound.name, node, isNew }];
}

const isOf = ({ name, namespace }: ServicePlan, run: RunFacts) => run.service === name && run.namespace === namespace;

/**
 * Why an update may not go on: it would replace the pod of such a service, or make its first one. An update that
 * leaves the pod as it is goes on. `live`, `next`: the workload's template, now and by the update; undefined where it
 * isn't there.
 */
export function strandedFaults(stranded: Stranded, live: PodTemplate | undefined, next: Dry | undefined): Fault[] {
  const { service, claim, isNew } = stranded;
  const path = volumePath(claim);
  if (!live)
    return isNew ? [{ path, message: `the pod of ${service.name} could start nowhere: ${why(stranded)}` }] : [];
  // What the cluster refuses replaces nothing. The update says it.
  const where = !next || "refused" in next ? undefined : difference(live, next.template);
  if (where === undefined) return [];
  const what = `this update would replace the pod of ${service.name} (by ${where} of its template)`;
  return [{ path, message: `${what}, and the new one could start nowhere: ${why(stranded)}` }];
}

function why({ service: { name, pod }, bound, node }: Stranded): string {
  const tainted = unfitness(node, pod?.tolerations)?.why === "tainted";
  const tolerate = tainted ? `tolerate the taint in ${pathText(["services", name, "tolerations"])}, ` : "";
  return (
    `claim ${bound} has its volume on node ${node.name}, which ${whyNoPod(node, pod?.tolerations)}; ${tolerate}` +
    `have the node take pods first, or put off what concerns ${name}`
  );
}

import type { GeneralCheck } from "../../model/backend";
import type { NodeFacts } from "../../model/node-facts";
import { unfitness } from "../../model/nodes";
import type { ServicePlan } from "../../model/plan";
import type { Toleration } from "../../model/pod-settings";
import type { PreflightFacts } from "../../model/preflight-facts";
import { misfit } from "../../plan/settings/fits";
import { isReady, takesPodOf, whyUnfit } from "../nodes";
import { listed, results } from "../results";
import { reaches } from "./requests";

/** A pod that no node takes is Pending for ever, and the old pod is gone by then. */
export const podPlaces: GeneralCheck = {
  id: "pod-places",
  group: "cluster",
  run({ facts, plan }) {
    const { ok, warning, error, unread } = results(this.id);
    const { nodes } = facts;
    if (!nodes) return [unread("nodes")];
    const asking = plan.services.filter(({ run, pod }) => run && pod && (pod.nodeSelector ?? pod.affinity));
    const broken = asking.flatMap((service) => {
      const why = whyNowhere(service, nodes, facts);
      if (why === undefined) return [];
      const keys = ["nodeSelector", "affinity", "tolerations"].map((key) => `services.${service.name}.${key}`);
      return [
        error(
          `no node takes the pod of ${service.name}: ${why}`,
          `change ${keys.slice(0, 2).join(" or ")}, tolerate the taint in ${keys[2]}, or kubectl label node NODE ` +
            "KEY=VALUE",
        ),
      ];
    });
    const off = awayFrom(plan.services, nodes, facts).map(({ names, where, wayOut }) =>
      warning(
        `the ${names.length === 1 ? "pod" : "pods"} of ${listed(names)} could not start again: ${where}`,
        `${wayOut}; until then an update that would replace such a pod is refused`,
      ),
    );
    const found = [...broken, ...off];
    return found.length > 0 ? found : [ok("a node fits each service's nodeSelector and affinity")];
  },
};

/** Why each node is none for the service's pod; undefined where one is, or where no node is for any pod. */
function whyNowhere(service: ServicePlan, nodes: NodeFacts[], facts: PreflightFacts): string | undefined {
  // That a node is not ready for a while is nothing that the config could mend.
  const ready = nodes.filter((node) => isReady(node) && reaches(service, node, facts));
  const fit = ready.filter((node) => !misfit(service.pod, node));
  if (ready.length === 0 || fit.some((node) => takesPodOf(service, node))) return undefined;
  // A node's state doesn't end the pod that runs there. It is warned of below.
  if (fit.length > 0 && isTied(service, nodes, facts)) return undefined;
  const why = (node: NodeFacts) =>
    misfit(service.pod, node)?.why ?? `node ${node.name} ${whyUnfit(node, service.pod?.tolerations)}`;
  return listed((fit.length > 0 ? fit : ready).map(why));
}

interface Away {
  names: string[];
  where: string;
  wayOut: string;
}

/** Without a volume that is tied to nodes, another check says that no node takes pods. */
const isTied = (service: ServicePlan, nodes: readonly NodeFacts[], facts: PreflightFacts) =>
  nodes.some((node) => !reaches(service, node, facts));

function cureOf(node: NodeFacts, tolerations: readonly Toleration[] | undefined): string {
  const unfit = unfitness(node, tolerations);
  if (unfit?.why === "cordoned") return `kubectl uncordon ${node.name}`;
  if (unfit?.why === "tainted") return `kubectl taint nodes ${node.name} ${unfit.taint.key}-, or tolerate the taint`;
  return `see what it lacks: kubectl describe node ${node.name}`;
}

/** The services whose volumes are on nodes that take none of their pods now, by those nodes. */
function awayFrom(services: readonly ServicePlan[], nodes: readonly NodeFacts[], facts: PreflightFacts): Away[] {
  const all = new Map<string, Away>();
  for (const service of services) {
    const [first, ...rest] = nodes.filter((node) => reaches(service, node, facts));
    if (!service.run || !first || !isTied(service, nodes, facts)) continue;
    if ([first, ...rest].some((node) => takesPodOf(service, node))) continue;
    const { tolerations } = service.pod ?? {};
    const states = [first, ...rest].map((node) => `node ${node.name} ${whyUnfit(node, tolerations)}`);
    const where = `${listed(states)}, and the data is there`;
    const known = all.get(where);
    if (known) known.names.push(service.name);
    else all.set(where, { names: [service.name], where, wayOut: cureOf(first, tolerations) });
  }
  return [...all.values()];
}

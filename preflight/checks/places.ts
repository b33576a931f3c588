import type { GeneralCheck } from "../../model/backend";
import type { NodeFacts } from "../../model/node-facts";
import type { ServicePlan } from "../../model/plan";
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
    const { ok, error, unread } = results(this.id);
    if (!facts.nodes) return [unread("nodes")];
    const asking = plan.services.filter(({ run, pod }) => run && pod && (pod.nodeSelector ?? pod.affinity));
    const broken = asking.flatMap((service) => {
      const why = whyNowhere(service, facts.nodes!, facts);
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
    return broken.length > 0 ? broken : [ok("a node fits each service's nodeSelector and affinity")];
  },
};

/** Why each node is none for the service's pod; undefined where one is, or where no node is for any pod. */
function whyNowhere(service: ServicePlan, nodes: NodeFacts[], facts: PreflightFacts): string | undefined {
  // That a node is not ready for a while is nothing that the config could mend.
  const ready = nodes.filter((node) => isReady(node) && reaches(service, node, facts));
  const fit = ready.filter((node) => !misfit(service.pod, node));
  if (ready.length === 0 || fit.some((node) => takesPodOf(service, node))) return undefined;
  const why = (node: NodeFacts) =>
    misfit(service.pod, node)?.why ?? `node ${node.name} ${whyUnfit(node, service.pod?.tolerations)}`;
  return listed((fit.length > 0 ? fit : ready).map(why));
}

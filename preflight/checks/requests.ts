import type { GeneralCheck } from "../../model/backend";
import { pathText } from "../../model/config-path";
import type { NodeFacts } from "../../model/node-facts";
import type { ServicePlan } from "../../model/plan";
import type { PreflightFacts } from "../../model/preflight-facts";
import { isReachedFrom } from "../../model/nodes";
import { amount } from "../../model/quantity";
import { misfit } from "../../plan/settings/fits";
import { takesPodOf } from "../nodes";
import { listed, results } from "../results";

const kinds = ["cpu", "memory"] as const;
type Kind = (typeof kinds)[number];

/**
 * A pod that asks for more than any node has is never scheduled, and the old pod is gone by then. What other pods ask
 * for is left out, because it may be free when the pod comes.
 */
export const nodeRoom: GeneralCheck = {
  id: "node-room",
  group: "cluster",
  run({ facts, plan }) {
    const { ok, error, unread } = results(this.id);
    const { nodes } = facts;
    if (!nodes) return [unread("nodes")];
    const broken = plan.services
      .filter(({ run }) => run)
      .flatMap((service) => {
        const reached = nodes.filter(
          (node) => takesPodOf(service, node) && !misfit(service.pod, node) && reaches(service, node, facts),
        );
        // Where no node takes its pod at all, another check says so.
        if (reached.length === 0 || reached.some((node) => lacks(service, node).length === 0)) return [];
        const wanted = kinds.filter((kind) => reached.some((node) => lacks(service, node).includes(kind)));
        const paths = wanted.map((kind) => pathText(["services", service.name, "resources", "requests", kind]));
        const has = reached.map(
          ({ name, allocatable }) =>
            `${name} (${wanted.map((kind) => `${kind} ${allocatable[kind] ?? "?"}`).join(", ")})`,
        );
        return [
          error(
            `${service.name} asks for ${listed(wanted.map((kind) => `${kind} ${requests(service)[kind]}`))}, and no ` +
              `node that its pod can go to has as much: ${listed(has)}`,
            `lower ${listed(paths.map((path) => `cluster-storage:${path}`))}, or add a node that has as much`,
          ),
        ];
      });
    return broken.length > 0 ? broken : [ok("every service's pod fits on a node")];
  },
};

const requests = ({ container }: ServicePlan) => container.resources.requests;

/** What a pod of the service asks for that a node doesn't have. A node that states no amount may have it. */
const lacks = (service: ServicePlan, { allocatable }: NodeFacts): Kind[] =>
  kinds.filter(
    (kind) => allocatable[kind] !== undefined && amount(requests(service)[kind]) > amount(allocatable[kind]),
  );

/** Whether all volumes that the service's claims have can be reached from a node. */
export function reaches({ claims, namespace }: ServicePlan, node: NodeFacts, facts: PreflightFacts): boolean {
  return claims.every(({ name }) => {
    const claim = facts.claims?.find((other) => other.name === name && other.namespace === namespace);
    const volume = facts.volumes?.find(({ name }) => name === claim?.volume);
    return !volume || isReachedFrom(volume, node);
  });
}

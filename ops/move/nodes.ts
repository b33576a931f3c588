import type { NodeFacts } from "../../model/node-facts";
import { whyNoPod } from "../../model/nodes";
import type { ServicePlan } from "../../model/plan";
import { UserError } from "../../model/user-error";
import { didYouMean } from "../../model/nearest";

/** The services whose pods would go there. */
type Services = readonly Pick<ServicePlan, "pod">[];

/** Whether the pods of all these services can go to a node. */
export const schedulable = (node: NodeFacts, services: Services = [{}]) => reasonAgainst(node, services) === undefined;

/** Why no pod can go to a node, or not that of each service; undefined where they can. */
function reasonAgainst(node: NodeFacts, services: Services): string | undefined {
  const [why] = services.flatMap(({ pod }) => whyNoPod(node, pod?.tolerations) ?? []);
  return why === undefined ? undefined : `the node ${why}`;
}

/** Throws a UserError for a node that the cluster doesn't have, or that no pod can go to. */
export function assertTakesPods(name: string, nodes: readonly NodeFacts[], services: Services = [{}]): void {
  assertNode(
    name,
    nodes.map((node) => node.name),
  );
  const reason = reasonAgainst(
    nodes.find((node) => node.name === name)!,
    services,
  );
  if (reason !== undefined)
    throw new UserError(`no pod can go to node "${name}", so no volume can be made there: ${reason}`);
}

/** Throws a UserError for a node whose volumes can't be read, because reading them needs a pod on that node. */
export function assertReadable(name: string, nodes: readonly NodeFacts[], services: Services = [{}]): void {
  const node = nodes.find((node) => node.name === name);
  const reason = node && reasonAgainst(node, services);
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

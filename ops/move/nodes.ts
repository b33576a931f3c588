import type { NodeFacts } from "../../model/node-facts";
import { unfitness, whyNoPod } from "../../model/nodes";
import { UserError } from "../../model/user-error";
import { didYouMean } from "../../model/nearest";

/** Whether pods can go to a node. */
export const schedulable = (node: NodeFacts) => unfitness(node) === undefined;

/** Why no pod can go to a node; undefined where pods can. */
function reasonAgainst(node: NodeFacts): string | undefined {
  const why = whyNoPod(node);
  return why === undefined ? undefined : `the node ${why}`;
}

/** Throws a UserError for a node that the cluster doesn't have, or that no pod can go to. */
export function assertTakesPods(name: string, nodes: readonly NodeFacts[]): void {
  assertNode(
    name,
    nodes.map((node) => node.name),
  );
  const reason = reasonAgainst(nodes.find((node) => node.name === name)!);
  if (reason !== undefined)
    throw new UserError(`no pod can go to node "${name}", so no volume can be made there: ${reason}`);
}

/** Throws a UserError for a node whose volumes can't be read, because reading them needs a pod on that node. */
export function assertReadable(name: string, nodes: readonly NodeFacts[]): void {
  const node = nodes.find((node) => node.name === name);
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

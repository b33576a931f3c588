import { pathText } from "../model/config-path";
import type { StackConfig } from "../model/config";
import type { Known } from "../model/known";
import type { NodePlan } from "../model/node-preparation";
import type { Fault } from "../model/plan";

/** The nodes that are prepared, in the order of the config, with the faults of their entries. */
export function planNodes(
  { nodes, nodeAccess: access }: Pick<StackConfig, "nodes" | "nodeAccess">,
  types: Known["nodes"],
): { nodes: NodePlan[]; faults: Fault[] } {
  const faults: Fault[] = [];
  const plans = [...nodes].flatMap(([name, { type, address, settings }]): NodePlan[] => {
    const known = types.get(type);
    if (!known) return [];
    for (const { path, message } of known.check?.(settings) ?? [])
      faults.push({ path: [pathText(["nodes", name]), path].filter(Boolean).join("."), message });
    const hostKey = known.hostKey?.(settings);
    return [
      {
        name,
        type,
        ...(address !== undefined && { address }),
        settings,
        steps: known.steps(settings, access),
        access,
        ...(hostKey !== undefined && { hostKey }),
      },
    ];
  });
  return { nodes: plans, faults: [...faults, ...sharedAddresses(plans)] };
}

/** One machine would be prepared twice, and the other not at all. */
const sharedAddresses = (nodes: readonly NodePlan[]): Fault[] =>
  nodes.flatMap(({ name, address }, i) => {
    const before = nodes.slice(0, i).find((each) => address !== undefined && each.address === address);
    return before
      ? [
          {
            path: pathText(["nodes", name, "address"]),
            message: `${address} is the address of ${before.name} as well; write each node's own, or leave both out`,
          },
        ]
      : [];
  });

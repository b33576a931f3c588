import type { NodeFacts } from "../model/node-facts";

export const isReady = ({ conditions }: NodeFacts): boolean => conditions.Ready === "True";

export const isTalos = ({ osImage }: NodeFacts): boolean => /^Talos\b/.test(osImage);

/** The user volume that a path on Talos is on: Talos mounts NAME at /var/mnt/NAME. Undefined for any other path. */
export const userVolumeOf = (path: string) => /^\/var\/mnt\/([^/]+)/.exec(path)?.[1];

/** Why a node gets no pods that lack special tolerations; undefined where it gets them. */
export function whyUnfit(node: NodeFacts): string | undefined {
  if (!isReady(node)) return "is not ready";
  if (node.unschedulable) return "is cordoned";
  const taint = node.taints.find(({ effect }) => effect !== "PreferNoSchedule");
  return taint && `has the taint ${taint.key}`;
}

export const takesPods = (node: NodeFacts): boolean => whyUnfit(node) === undefined;

import type { NodeFacts } from "../model/node-facts";
import { unfitness } from "../model/nodes";

export const isReady = ({ conditions }: NodeFacts): boolean => conditions.Ready === "True";

export const isTalos = ({ osImage }: NodeFacts): boolean => /^Talos\b/.test(osImage);

/** The user volume that a path on Talos is on: Talos mounts NAME at /var/mnt/NAME. Undefined for any other path. */
export const userVolumeOf = (path: string) => /^\/var\/mnt\/([^/]+)/.exec(path)?.[1];

/** Why a node gets no pods that lack special tolerations; undefined where it gets them. */
export function whyUnfit(node: NodeFacts): string | undefined {
  const unfit = unfitness(node);
  if (unfit?.why === "tainted") return `has the taint ${unfit.taint.key}`;
  return unfit && `is ${unfit.why === "deleting" ? "being deleted" : unfit.why}`;
}

export const takesPods = (node: NodeFacts): boolean => whyUnfit(node) === undefined;

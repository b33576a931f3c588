import type { NodeFacts, TalosFacts, TalosVolume } from "../model/node-facts";
import { tolerates, unfitness } from "../model/nodes";
import type { ServicePlan } from "../model/plan";
import type { Toleration } from "../model/pod-settings";

export const isReady = ({ conditions }: NodeFacts): boolean => conditions.Ready === "True";

/** Names of the other nodes that aren't Ready. */
export const notReadyBut = (name: string, nodes: readonly NodeFacts[]): string[] =>
  nodes.filter((node) => node.name !== name && !isReady(node)).map((node) => node.name);

export const isTalos = ({ osImage }: NodeFacts): boolean => /^Talos\b/.test(osImage);

/**
 * The volume that a path on Talos is on: Talos mounts NAME at /var/mnt/NAME, whether it is a user, an existing or an
 * external one. Undefined for any other path.
 */
export const talosVolumeOf = (path: string) => /^\/var\/mnt\/([^/]+)/.exec(path)?.[1];

/** What Talos says of the volume of that name: the one that it mounts, else a raw one, which it doesn't mount. */
export function findTalosVolume({ volumes }: TalosFacts, name: string): TalosVolume | undefined {
  const named = volumes.filter((volume) => volume.name === name);
  return named.find(({ kind }) => kind !== "raw") ?? named[0];
}

/** Why a node gets no pods with these tolerations; undefined where it gets them. */
export function whyUnfit(node: NodeFacts, tolerations: readonly Toleration[] = []): string | undefined {
  const unfit = unfitness(node, tolerations);
  if (unfit?.why === "tainted") return `has the taint ${unfit.taint.key}`;
  return unfit && `is ${unfit.why === "deleting" ? "being deleted" : unfit.why}`;
}

/** The nodes without the taints that a service of the stack tolerates: volumes can be made there. */
export function withoutTolerated(nodes: readonly NodeFacts[], services: readonly ServicePlan[]): NodeFacts[] {
  const tolerated = services.flatMap(({ run, pod }) => (run && pod?.tolerations) || []);
  return nodes.map((node) => ({
    ...node,
    taints: node.taints.filter((taint) => !tolerated.some((each) => tolerates(each, taint))),
  }));
}

export const takesPods = (node: NodeFacts): boolean => whyUnfit(node) === undefined;

/** Whether a node takes the pod of a service, by its state and its taints. */
export const takesPodOf = ({ pod }: Pick<ServicePlan, "pod">, node: NodeFacts): boolean =>
  whyUnfit(node, pod?.tolerations) === undefined;

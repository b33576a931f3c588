import type { V1NodeSelectorTerm, V1PodSpec } from "@kubernetes/client-node";
import { isDeepStrictEqual } from "node:util";
import type { MovePlaces } from "../../model/move-places";
import type { Move } from "../../model/mover";
import type { PodSpec } from "./objects";

/** Where a service's pod may run, as the stack has it once the service is on the target. */

const placesOf = ({ nodeSelector = {}, affinity }: MovePlaces | PodSpec) => ({
  nodeSelector,
  nodeAffinity: affinity?.nodeAffinity ?? {},
});

/** Whether a workload's pod may run where the stack lets it run after the move. */
export const hasPlaces = (pod: PodSpec, { places = {} }: Pick<Move, "places">): boolean =>
  isDeepStrictEqual(placesOf(pod), placesOf(places));

/** A map that has nothing of the old one once it is merged into it. */
const inPlaceOf = (old: object, now: object): object | null =>
  Object.keys(now).length === 0 ? null : { ...Object.fromEntries(Object.keys(old).map((key) => [key, null])), ...now };

/** The part of a merge patch that lets the service's pod run where the target is; empty where it may already. */
export function placesPatch(pod: PodSpec, move: Pick<Move, "kind" | "places">): object {
  if (move.kind === "spill" || hasPlaces(pod, move)) return {};
  const [old, now] = [placesOf(pod), placesOf(move.places ?? {})];
  const nodeAffinity = inPlaceOf(old.nodeAffinity, now.nodeAffinity);
  return {
    nodeSelector: inPlaceOf(old.nodeSelector, now.nodeSelector),
    ...((pod.affinity ?? nodeAffinity) && { affinity: { nodeAffinity } }),
  };
}

/** A pod with its new places, for a workload that is made anew. */
export function withPlaces<Spec extends PodSpec>(pod: Spec, move: Pick<Move, "kind" | "places">): Spec {
  if (move.kind === "spill" || hasPlaces(pod, move)) return pod;
  const { nodeSelector: _, affinity: { nodeAffinity: __, ...others } = {}, ...rest } = pod;
  const { nodeSelector, affinity } = move.places ?? {};
  const both = { ...others, ...affinity };
  return {
    ...rest,
    ...(nodeSelector && { nodeSelector }),
    ...(Object.keys(both).length > 0 && { affinity: both }),
  } as Spec;
}

/** The terms that `places` is, as preferences of a pod that may have to run elsewhere, beside a volume. */
function preferences({ nodeSelector, affinity }: MovePlaces): V1NodeSelectorTerm[] {
  const labels = Object.entries(nodeSelector ?? {}).map(([key, value]) => ({ key, operator: "In", values: [value] }));
  const terms = affinity?.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  return [...(labels.length > 0 ? [{ matchExpressions: labels }] : []), ...terms];
}

/**
 * Where a pod of the move goes: to the one node, or rather to where the service's pod may run then, since a volume is
 * made where its first pod is.
 */
export function placedOn(
  node: string | undefined,
  required: boolean,
  places: MovePlaces = {},
): Pick<V1PodSpec, "affinity"> {
  const term = node === undefined ? [] : [{ matchFields: [{ key: "metadata.name", operator: "In", values: [node] }] }];
  if (required && term.length > 0)
    return affinityOf({ requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: term } });
  const preferred = [
    ...preferences(places).map((preference) => ({ weight: 100, preference })),
    ...term.map((preference) => ({ weight: preferences(places).length > 0 ? 10 : 100, preference })),
  ];
  return preferred.length > 0 ? affinityOf({ preferredDuringSchedulingIgnoredDuringExecution: preferred }) : {};
}

const affinityOf = (nodeAffinity: object): Pick<V1PodSpec, "affinity"> => ({ affinity: { nodeAffinity } });

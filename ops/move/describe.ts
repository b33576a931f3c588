import type { ClaimPlan, VolumePlan } from "../../model/storage";
import type { MoveDecision } from "./decide";
import type { Place } from "./places";

/**
 * What a person has to know of a move before the answer. `before` and `after`: the claim as planned without and with
 * it, on the node where it is.
 */
export function notesOn({ kind, place }: MoveDecision, before: ClaimPlan, after: ClaimPlan): string[] {
  if (kind === "grow")
    return [`${label(before)} grows from ${before.size} to ${after.size} in place: the service goes on.`];
  const kept = `${label(before)} is kept, untouched, until npm run release names it.`;
  if (kind === "as-it-was") {
    return [
      `The service goes on with ${label(after)} as it was when the data left it. What was written since stays ` +
        `on ${label(before)}, which is kept.`,
    ];
  }
  const replaced =
    `${label(after)} is brought up to date from ${label(before)}: what it holds now was superseded, ` +
    "and is " +
    "replaced.";
  return [
    "The service is down while its data is copied and checked; when that fails it is back on the volume that " +
      "it has now.",
    ...overTheNetwork(before, after),
    ...(kind === "back" && !after.ephemeral ? [replaced] : []),
    ...(place ? warningsOn(place) : []),
    kept,
  ];
}

/** Where two nodes have a part in it: between which, as far as that is known. */
function overTheNetwork({ node: from }: VolumePlan, { name, node: to, move }: ClaimPlan): string[] {
  if (!move?.across || (from !== undefined && from === to)) return [];
  const source = from === undefined ? "" : ` from node ${from}`;
  return [
    `The data goes${source} to ${to === undefined ? `the node of ${name}` : `node ${to}`} over the network, ` +
      "and the service runs there from then on.",
  ];
}

function warningsOn({ ephemeral, backend }: Place): string[] {
  return ephemeral
    ? [
        `On ${backend} the data lives in the pod's own directory: the next deletion of the pod, a drained ` +
          "node's included, deletes it.",
      ]
    : [];
}

export function questionOn({ kind }: MoveDecision, name: string, after: ClaimPlan): string {
  if (kind === "grow") return `Grow ${name} to ${after.size}?`;
  if (kind === "as-it-was") return `Return ${name} to ${label(after)} as it was?`;
  return `Move ${name} to ${label(after)}?`;
}

/** `redis-data-2 (fast, 1Gi)`, or `redis-data-2 (fast on node a, 1Gi)`. */
export function label({ name, className, backend, size, ephemeral, node }: VolumePlan): string {
  if (ephemeral) return `its pod's own directory (${backend}, ${size})`;
  return `${name} (${backend ?? className ?? "default class"}${node === undefined ? "" : ` on node ${node}`}, ${size})`;
}

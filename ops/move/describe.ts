import { claimArgument } from "../../model/config-path";
import { shortPoint } from "../../model/restore";
import type { ClaimPlan, VolumePlan } from "../../model/storage";
import { jobsOf, type ClaimMove, type MoveBatch } from "./batch";
import { type ClaimChange, nodeIn } from "./decide";
import type { Left } from "./left-on-node";
import type { Place } from "./places";

type Moves = Pick<MoveBatch, "change" | "moves">;

/**
 * What a person has to know about a batch before answering. `before` of each move names the node where the volume is.
 */
export function notesOn(batch: Moves): string[] {
  const [only, another] = batch.moves;
  return only && !another ? notesOnOne(only) : notesOnSeveral(batch);
}

function notesOnOne({ decision: { kind, place }, before, after }: ClaimMove): string[] {
  if (kind === "grow")
    return [`${label(before)} grows from ${before.size} to ${after.size} in place: the service keeps running.`];
  if (kind === "as-it-was")
    return [
      `The service goes on with ${label(after)} as it was when the data left it. What was written since stays ` +
        `on ${label(before.generation === after.generation ? (before.move?.from ?? before) : before)}, which is kept.`,
    ];
  return [
    "The service is down while its data is copied and checked. If that fails, it is started again on the volume " +
      "that it has now.",
    ...overTheNetwork(before, after),
    ...(kind === "back" && !after.ephemeral ? [replacedNote(before, after)] : []),
    ...(place?.ephemeral ? [ephemeralNote(place)] : []),
    `${label(before)} is kept, untouched, until npm run release names it.`,
  ];
}

/** Says between which nodes the data goes, as far as they are known, where two nodes have a part in the move. */
function overTheNetwork({ node: from }: VolumePlan, { name, node: to, move }: ClaimPlan): string[] {
  if (!move?.across || (from !== undefined && from === to)) return [];
  const source = from === undefined ? "" : ` from node ${from}`;
  return [
    `The data goes${source} to ${to === undefined ? `the node of ${name}` : `node ${to}`} over the network, ` +
      "and the service runs there from then on.",
  ];
}

const replacedNote = (before: VolumePlan, after: VolumePlan) =>
  `${label(after)} is brought up to date from ${label(before)}: its present content is older, and is replaced.`;

const ephemeralNote = ({ backend }: Place) =>
  `On ${backend} the data lives in the pod's own directory: the next deletion of the pod deletes it, also when its ` +
  "node is drained.";

function notesOnSeveral(batch: Moves): string[] {
  const { change, moves } = batch;
  const across = moves.filter(({ after }) => after.move?.across);
  const node = nodeIn(change);
  const route =
    change.kind === "back" && change.asItWas
      ? ["What was written since stays on the volumes that the services leave."]
      : across.length > 0
        ? [
            `The data goes to ${node === undefined ? "the nodes of the earlier volumes" : `node ${node}`} over the ` +
              "network, and the services run there from then on.",
          ]
        : [];
  return [
    ...(jobsOf(batch).length > 0 ? ["Each service is down while its data is copied and checked."] : []),
    ...servicesAtOnce(moves).map(
      (service) =>
        `The volumes of ${service} are copied one after the other, and it is started once on all of the new ones.`,
    ),
    ...route,
    `${moves.map(({ before }) => label(before)).join(", ")} are kept, untouched, until npm run release names them.`,
  ];
}

/** The services with several volumes that go to another node. Their pod starts only where all of its volumes are. */
export function servicesAtOnce(moves: readonly ClaimMove[]): string[] {
  const across = moves.filter(({ after }) => after.move?.across).map(({ after }) => after.service);
  return [...new Set(across)].filter((name) => across.indexOf(name) < across.lastIndexOf(name));
}

export function questionOn({ change, moves }: Moves): string {
  const names = namesOf(moves);
  const [only, another] = moves;
  if (!only || another) return `Move ${names} to ${describeTarget(change)}?`;
  const { after, decision } = only;
  if (decision.kind === "grow") return `Grow ${names} to ${after.size}?`;
  if (decision.kind === "as-it-was") return `Return ${names} to ${label(after)} as it was?`;
  return `Move ${names} to ${label(after)}?`;
}

/** Where the volumes go: `nfs`, `node a`, `fast on node a`, or back. */
export function describeTarget(change: ClaimChange): string {
  if (change.kind === "restore") return `point ${shortPoint(change.from.point)}`;
  if (change.kind === "back") return `their earlier volumes${change.asItWas ? ", as they were" : ""}`;
  if (change.kind === "size") return change.size;
  if (change.kind === "anew") return "new volumes in the same place";
  if (change.kind === "node") return `node ${change.node}`;
  return change.node === undefined ? change.to : `${change.to} on node ${change.node}`;
}

/** What was done, and what can be done next. */
export function moved({ moves }: Moves): string {
  const names = namesOf(moves);
  const [only, another] = moves;
  if (!only || another) return `${names} have moved. npm run release deletes the volumes that they left.`;
  const release = `npm run release -- ${names} deletes the volume that it left`;
  if (only.decision.kind === "grow") return `${names} has grown.`;
  return only.decision.kind === "move"
    ? `${names} has moved. npm run move -- ${names} --back returns; ${release}.`
    : `${names} is back. ${release}.`;
}

/** What can be done now with a node that volumes have left. */
export function drained(off: string, change: ClaimChange, left: Left): string {
  const node = nodeIn(change);
  const there = node === undefined ? "" : `; it is on ${node}`;
  if (left.directories.length > 0) return `the volumes have left ${off}${there}${inDirectories(off, left)}`;
  return (
    `no service has its data on ${off} any more${there}: kubectl drain ${off} --ignore-daemonsets ` +
    "--delete-emptydir-data"
  );
}

/** What a drain would delete because it is in pods' own directories; empty where there is nothing. */
export function inDirectories(off: string, { directories }: Left): string {
  if (directories.length === 0) return "";
  const list = directories.map(({ claim, pod }) => `${claim} (pod ${pod})`).join(", ");
  const [first] = directories;
  return (
    `. A drain of ${off} deletes what these pods keep in their own directories: ${list}. Take it to a claim first: ` +
    `npm run move -- ${first?.claim} --to BACKEND`
  );
}

const namesOf = (moves: readonly ClaimMove[]) => moves.map(({ before }) => claimArgument(before)).join(", ");

/** `redis-data-2 (fast, 1Gi)`, or `redis-data-2 (fast on node a, 1Gi)`. */
export function label({ name, className, backend, size, ephemeral, node }: VolumePlan): string {
  if (ephemeral) return `its pod's own directory (${backend}, ${size})`;
  return `${name} (${backend ?? className ?? "default class"}${node === undefined ? "" : ` on node ${node}`}, ${size})`;
}

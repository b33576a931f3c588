import { stackAnnotation } from "../../model/metadata";
import { count } from "../../model/quantity";
import { objectNames, type StateObject } from "../pulumi/objects";
import { isSame, type Place } from "../recover/cluster";

export interface RenameFacts {
  /** The mark of the stack's earlier name, `project/stack`. */
  from: string;
  /** The mark of its name now. */
  to: string;
  /** What the cluster has in the place of each object of the state. */
  places: readonly Place[];
  /** The uids in the state of the stack that has the earlier name now; undefined where there is no such stack. */
  other?: ReadonlySet<string>;
  /** An update or a move was cut off. */
  interrupted: boolean;
  /** What to call the cluster. */
  context: string;
}

export interface RenameDecision {
  /** Objects that get the mark; claims come last. */
  take: StateObject[];
  /** Objects that have it already. */
  done: StateObject[];
  /** Objects that the cluster hasn't any more. */
  gone: StateObject[];
  /** Why nothing is taken over: whole sentences, each with its way out. */
  faults: string[];
}

/** Whether what bears the earlier name's mark is the state's own, by the uids, and what of it gets the mark now. */
export function decideRename(facts: RenameFacts): RenameDecision {
  const { from, to, places } = facts;
  const own = ownPlaces(places);
  const marked = (mark: string) =>
    own
      .filter(({ live }) => live?.annotations[stackAnnotation] === mark)
      .map(({ object, live }) => ({ ...object, uid: live?.uid }));
  const [take, done] = [marked(from), marked(to)];
  const gone = places.filter(({ live }) => !live).map(({ object }) => object);
  return { take: claimsLast(take), done, gone, faults: faultsOf(facts, own, [...take, ...done]) };
}

/** By uid. What the state keeps secret is its own where the namespace is, because it is recorded with that name. */
function ownPlaces(places: readonly Place[]): Place[] {
  const same = places.filter(isSame);
  const namespaces = same.flatMap(({ object }) => (object.kind === "Namespace" ? [object.name] : []));
  return places.filter(
    (place) =>
      same.includes(place) ||
      (place.live !== undefined && place.object.uid === undefined && namespaces.includes(place.object.namespace ?? "")),
  );
}

const claimsLast = (objects: readonly StateObject[]) =>
  objects.toSorted((a, b) => Number(isClaim(a)) - Number(isClaim(b)));

const isClaim = ({ kind }: StateObject) => kind === "PersistentVolumeClaim";

function faultsOf(facts: RenameFacts, own: readonly Place[], ours: readonly StateObject[]): string[] {
  const { from, to, places, context, interrupted } = facts;
  if (from === to) return [`${from} is the name that the stack has now: --renamed-from wants the name before.`];
  if (interrupted)
    return [
      `An update or a move of the stack was cut off, and what it left bears the mark of ${from}. Give the stack its ` +
        "earlier name again (pulumi stack rename), run npm run recover there, and then rename it once more.",
    ];
  if (own.length === 0)
    return [
      places.length === 0
        ? "The stack's state has no Kubernetes object, so there is nothing to take over."
        : `Not one of the ${count(places.length, "object")} in the stack's state is in the cluster of context ` +
          `"${context}". Name the context and the kubeconfig of the stack's cluster (cluster-storage:cluster).`,
    ];
  return [...strangers(places), ...others(facts, own), ...unknownName(facts, own, ours)];
}

/** Objects of the same names that somebody made anew: by the uid, they aren't the state's. */
function strangers(places: readonly Place[]): string[] {
  const found = places
    .filter((place) => place.live && place.object.uid !== undefined && !isSame(place))
    .map(({ object }) => object);
  if (found.length === 0) return [];
  const [it, has] = found.length === 1 ? ["is", "It has"] : ["are", "They have"];
  return [
    `${objectNames(found)} ${it} in the cluster, but not the one that the state records. ${has} another uid: find ` +
      "out who made it anew. If it is the stack's own all the same, pulumi refresh records it; then run this again.",
  ];
}

function others({ from, other }: RenameFacts, own: readonly Place[]): string[] {
  const shared = own.flatMap(({ object }) => (object.uid !== undefined && other?.has(object.uid) ? [object] : []));
  if (shared.length === 0) return [];
  const [, stack = from] = from.split("/");
  return [
    `Stack ${from} still exists and has ${count(shared.length, "object")} of this stack in its state as well ` +
      `(${objectNames(shared)}), and an object can have only one stack. Where that state is a copy that nobody uses ` +
      `any more, give it up, which changes nothing in the cluster: pulumi stack rm ${stack} --force ` +
      "--preserve-config; then run this again.",
  ];
}

/** Marks that are neither name's. */
function unknownName({ from, to }: RenameFacts, own: readonly Place[], ours: readonly StateObject[]): string[] {
  const foreign = own.filter(({ live }) => {
    const mark = live?.annotations[stackAnnotation];
    return mark !== undefined && mark !== from && mark !== to;
  });
  const marks = [...new Set(foreign.map(({ live }) => live?.annotations[stackAnnotation] ?? ""))].sort();
  if (foreign.length > 0)
    return [
      `${objectNames(foreign.map(({ object }) => object))} of the state ${foreign.length === 1 ? "bears" : "bear"} ` +
        `the mark of ${marks.join(" and ")}, not of ${from}. If that was the stack's name, pass it to ` +
        "--renamed-from; otherwise that stack has taken them over, and one of the two has to go.",
    ];
  return ours.length > 0
    ? []
    : [
        `No object of the state bears the mark of ${from}, or any stack's mark. pulumi refresh and pulumi up put it ` +
          `back.`,
      ];
}

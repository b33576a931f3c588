import type { V1Node, V1PersistentVolume } from "@kubernetes/client-node";
import { UserError } from "../../model/user-error";
import { didYouMean } from "../../model/nearest";
import type { Place } from "./places";
import type { OffRequest } from "./request";

/** The nodes that a volume can be reached from; undefined where nothing says that it can't be from all. */
export function nodesOf({ spec }: V1PersistentVolume): string[] | undefined {
  const terms = spec?.nodeAffinity?.required?.nodeSelectorTerms;
  const named = terms?.map(({ matchExpressions = [], matchFields = [] }) => {
    const byName = [...matchExpressions, ...matchFields].find(
      ({ key, operator }) => ["kubernetes.io/hostname", "metadata.name"].includes(key) && operator === "In",
    );
    return byName?.values;
  });
  // Terms are alternatives: one that names no node, such as a zone's, leaves them all.
  return named?.every((values) => values !== undefined) && named.length > 0 ? named.flat() : undefined;
}

/** Whether pods can go to a node. */
export const schedulable = (node: V1Node) => reasonAgainst(node) === undefined;

/** Why no pod can go to a node; undefined where they can. */
function reasonAgainst({ metadata, spec, status }: V1Node): string | undefined {
  if (spec?.unschedulable) return `it is cordoned (kubectl uncordon ${metadata?.name})`;
  if (!status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True")) return "it isn't Ready";
  const taint = spec?.taints?.find(({ effect }) => effect === "NoSchedule" || effect === "NoExecute");
  return taint && `it has the taint ${taint.key}${taint.value ? `=${taint.value}` : ""}:${taint.effect}`;
}

/** Throws a UserError for a node that the cluster doesn't have, or that no pod can go to. */
export function assertTakesPods(name: string, nodes: readonly V1Node[]): void {
  assertNode(
    name,
    nodes.map(({ metadata }) => metadata?.name ?? ""),
  );
  const reason = reasonAgainst(nodes.find(({ metadata }) => metadata?.name === name)!);
  if (reason !== undefined) throw new UserError(`no pod can go to node "${name}", so no volume can: ${reason}`);
}

/** Throws a UserError for a node whose volumes nobody can read: a pod on it has to. */
export function assertReadable(name: string, nodes: readonly V1Node[]): void {
  const node = nodes.find(({ metadata }) => metadata?.name === name);
  const reason = node && reasonAgainst(node);
  if (reason !== undefined)
    throw new UserError(
      `no pod can go to node "${name}", and one has to read what leaves it: ${reason}; nothing was changed. ` +
        "Drain it once its data has moved",
    );
}

export function assertNode(name: string, nodes: readonly string[]): void {
  if (!nodes.includes(name))
    throw new UserError(
      `the cluster has no node "${name}"${didYouMean(name, nodes) || `; it has: ${[...nodes].sort().join(", ")}`}`,
    );
}

/** Where volumes go that leave a node: to another backend, to another node, or both. */
export interface Refuge {
  to?: string;
  node?: string;
}

/**
 * Where volumes can go that have to leave the node `off`: what was named; else the only backend that isn't tied to a
 * node, else the only other node. `others`: nodes that pods can go to. Throws a UserError that says why there is none.
 */
export function chooseRefuge(
  { off, to, node }: OffRequest,
  places: readonly Place[],
  others: readonly string[],
): Refuge {
  const free = places.filter(({ followsNode, ephemeral }) => !followsNode && !ephemeral);
  const names = [...new Set(free.map(({ backend }) => backend))];
  const named = to === undefined ? undefined : places.find((place) => place.backend === to || place.class === to);
  if (named?.ephemeral)
    throw new UserError(
      `${named.backend} keeps data in the pod's own directory, which a drain deletes; ${wayOut(names)}`,
    );
  if (named?.followsNode && node === undefined && others.length === 0) {
    throw new UserError(
      `${named.backend} keeps its volumes on a node, and ${off} is the only one that pods can go to: nothing ` +
        `can leave it; ${wayOut(names)}`,
    );
  }
  if (named?.followsNode) return { to, node: node ?? onlyOther(off, others) };
  // What doesn't go together, and a name that the stack doesn't have, is refused where it is looked up.
  if (to !== undefined || node !== undefined) return { to, node };
  const [only, another] = names;
  if (another !== undefined)
    throw new UserError(
      `several backends aren't tied to a node; name one: ${names.map((name) => `--to ${name}`).join(", ")}`,
    );
  if (only !== undefined) return { to: only };
  if (others.length === 0) throw new UserError(nowhere(off, places));
  return { node: onlyOther(off, others) };
}

function onlyOther(off: string, others: readonly string[]): string | undefined {
  if (others.length > 1)
    throw new UserError(
      `several nodes can take what is on ${off}; name one: ${others.map((name) => `--node ${name}`).join(", ")}`,
    );
  return others[0];
}

function nowhere(off: string, places: readonly Place[]): string {
  const names = [...new Set(places.map(({ backend }) => backend))].join(", ");
  return (
    `nothing can leave ${off}: ${off} is the only node that pods can go to, and every backend of this stack ` +
    `(${names}) keeps its data on a node; ${wayOut([])}`
  );
}

const wayOut = (free: readonly string[]) =>
  free.length > 0
    ? `name one that doesn't: ${free.map((name) => `--to ${name}`).join(", ")}`
    : "add a backend to the stack whose volumes every node reaches, such as nfs or longhorn, deploy it, and " +
      "name it with --to";

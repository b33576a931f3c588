import type { V1Node, V1PersistentVolume } from "@kubernetes/client-node";
import { UserError } from "../errors";
import { didYouMean } from "../nearest";
import type { Place } from "./places";

/** The nodes that a volume can be reached from; undefined where nothing says that it can't be from all. */
export function nodesOf({ spec }: V1PersistentVolume): string[] | undefined {
  const terms = spec?.nodeAffinity?.required?.nodeSelectorTerms;
  const named = terms?.map(({ matchExpressions = [], matchFields = [] }) => {
    const byName = [...matchExpressions, ...matchFields].find(({ key, operator }) => ["kubernetes.io/hostname", "metadata.name"].includes(key) && operator === "In");
    return byName?.values;
  });
  // Terms are alternatives: one that names no node, such as a zone's, leaves them all.
  return named?.every((values) => values !== undefined) && named.length > 0 ? named.flat() : undefined;
}

/** Whether pods can go to a node. */
export function schedulable({ spec, status }: V1Node): boolean {
  const ready = status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
  return ready && !spec?.unschedulable && !(spec?.taints ?? []).some(({ effect }) => effect === "NoSchedule" || effect === "NoExecute");
}

export function assertNode(name: string, nodes: readonly string[]): void {
  if (!nodes.includes(name)) throw new UserError(`the cluster has no node "${name}"${didYouMean(name, nodes) || `; it has: ${[...nodes].sort().join(", ")}`}`);
}

/**
 * Where volumes can go that have to leave `node`: the backend that was named, or the only one that isn't tied to a node.
 * `others`: nodes that pods can go to. Throws a UserError that says why there is none.
 */
export function chooseRefuge(node: string, to: string | undefined, places: readonly Place[], others: readonly string[]): string {
  const free = places.filter(({ followsNode, ephemeral }) => !followsNode && !ephemeral);
  const names = [...new Set(free.map(({ backend }) => backend))];
  const named = to === undefined ? undefined : places.find((place) => place.backend === to || place.class === to);
  if (to !== undefined && named && !free.includes(named)) throw new UserError(tied(node, named, names, others));
  // A name that the stack doesn't have is refused where it is looked up.
  if (to !== undefined) return to;
  const [only, another] = names;
  if (only === undefined) throw new UserError(nowhere(node, places, others));
  if (another !== undefined) throw new UserError(`several backends aren't tied to a node; name one: ${names.map((name) => `--to ${name}`).join(", ")}`);
  return only;
}

function tied(node: string, { backend, ephemeral }: Place, free: readonly string[], others: readonly string[]): string {
  if (ephemeral) return `${backend} keeps data in the pod's own directory, which a drain deletes; ${wayOut(free)}`;
  if (others.length === 0) return `${backend} keeps its volumes on a node, and ${node} is the only one that pods can go to: nothing can leave it; ${wayOut(free)}`;
  return `${backend} keeps its volumes on a node, and a copy needs both volumes on one: it can't take data from ${node} to ${others.join(" or ")}; ${wayOut(free)}`;
}

function nowhere(node: string, places: readonly Place[], others: readonly string[]): string {
  const names = [...new Set(places.map(({ backend }) => backend))].join(", ");
  const alone = others.length === 0 ? `${node} is the only node that pods can go to, and ` : "";
  return `nothing can leave ${node}: ${alone}every backend of this stack (${names}) keeps its data on a node; ${wayOut([])}`;
}

const wayOut = (free: readonly string[]) =>
  free.length > 0 ? `name one that doesn't: ${free.map((name) => `--to ${name}`).join(", ")}` : "add a backend to the stack whose volumes every node reaches, such as nfs or longhorn, deploy it, and name it with --to";

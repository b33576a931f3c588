import { describeApiError, type Kube } from "../../kube/client";
import type { ClaimPlan } from "../../model/storage";
import { nodesOf } from "../../model/nodes";
import { UserError } from "../../model/user-error";
import type { StackPlan } from "../pulumi/stack-plan";
import type { StackState } from "./batch";
import type { ClaimChange } from "./decide";
import { listNodes, listVolumes } from "../../kube/look-up";
import { assertNode, assertReadable, assertTakesPods, schedulable } from "./nodes";
import type { Place } from "./places";
import type { DrainRequest } from "./request";

/** The plan of a drain: the claims whose volumes must leave the node, and where all of them go. */
export interface DrainPlan {
  claims: ClaimPlan[];
  change: ClaimChange;
}

/**
 * Finds the stack's claims whose volumes only the node can reach, and chooses where they go. Undefined where there are
 * none. Throws a UserError for an unknown node, and where the volumes can't be read or have nowhere to go.
 */
export async function planDrain(
  kube: Kube,
  request: DrainRequest,
  { planned, places }: StackState,
): Promise<DrainPlan | undefined> {
  const { claims, others } = await tiedClaims(kube, request, planned).catch((error: unknown) =>
    Promise.reject(describeApiError(error, kube, "reading nodes and volumes")),
  );
  return claims.length === 0 ? undefined : { claims, change: chooseDrainTarget(request, places, others) };
}

/** The claims in use whose volume only the node can reach, and the other nodes that pods can go to. */
async function tiedClaims(
  kube: Kube,
  { off, node }: DrainRequest,
  { plan }: StackPlan,
): Promise<{ claims: ClaimPlan[]; others: string[] }> {
  const [nodes, volumes] = await Promise.all([listNodes(kube), listVolumes(kube)]);
  assertNode(
    off,
    nodes.map(({ name }) => name),
  );
  const tied = volumes
    .filter((volume) => nodesOf(volume, nodes)?.every((name) => name === off))
    .map(({ claim }) => claim);
  const claims = plan.services
    .flatMap((service) => service.claims)
    .filter(({ namespace, name }) => tied.includes(`${namespace}/${name}`));
  const services = plan.services.filter(({ name }) => claims.some(({ service }) => service === name));
  if (node !== undefined) assertTakesPods(node, nodes, services.length > 0 ? services : undefined);
  if (claims.length > 0) assertReadable(off, nodes, services);
  const others = nodes
    .filter((each) => schedulable(each, services))
    .map(({ name }) => name)
    .filter((name) => name !== off);
  return { claims, others };
}

/**
 * Chooses where the volumes go that must leave the node `off`. First choice is what the request names. Next is the only
 * backend whose volumes every node reaches, then the only other node. `others`: the nodes that can take pods. Throws a
 * UserError that says why there is no such place, or which places there are to choose from.
 */
export function chooseDrainTarget(
  { off, to, node }: DrainRequest,
  places: readonly Place[],
  others: readonly string[],
): ClaimChange {
  const free = places.filter(({ followsNode, ephemeral }) => !followsNode && !ephemeral);
  const names = [...new Set(free.map(({ backend }) => backend))];
  const named = to === undefined ? undefined : places.find((place) => place.backend === to || place.class === to);
  if (named?.ephemeral)
    throw new UserError(
      `${named.backend} keeps data in the pod's own directory, and a drain deletes that; ${wayOut(names)}`,
    );
  if (named?.followsNode && node === undefined && others.length === 0)
    throw new UserError(
      `${named.backend} keeps its volumes on a node, and pods can go to no node but ${off}, so no volume can leave ` +
        `it; ${wayOut(names)}`,
    );
  if (to !== undefined) return toBackend(to, named?.followsNode ? (node ?? onlyOther(off, others)) : node);
  if (node !== undefined) return { kind: "node", node };
  const [only, another] = names;
  if (another !== undefined)
    throw new UserError(
      `every node reaches the volumes of several backends; choose one: ` +
        names.map((name) => `--to ${name}`).join(", "),
    );
  if (only !== undefined) return toBackend(only);
  if (others.length === 0) throw new UserError(nowhere(off, places));
  return { kind: "node", node: onlyOther(off, others) };
}

/** A node that the backend can't use, and an unknown backend, are refused later, where each claim's move is decided. */
const toBackend = (to: string, node?: string): ClaimChange => ({ kind: "to", to, ...(node !== undefined && { node }) });

function onlyOther(off: string, others: readonly string[]): string {
  if (others.length > 1)
    throw new UserError(
      `several nodes can take the volumes of ${off}; choose one: ${others.map((name) => `--node ${name}`).join(", ")}`,
    );
  return others[0]!;
}

function nowhere(off: string, places: readonly Place[]): string {
  const names = [...new Set(places.map(({ backend }) => backend))].join(", ");
  return (
    `no volume can leave ${off}: pods can go to no other node, and every backend of this stack (${names}) keeps its ` +
    `data on a node; ${wayOut([])}`
  );
}

const wayOut = (free: readonly string[]) =>
  free.length > 0
    ? `choose a backend whose volumes every node reaches: ${free.map((name) => `--to ${name}`).join(", ")}`
    : "add a backend to the stack whose volumes every node reaches, such as nfs or longhorn, deploy it, and " +
      "name it with --to";

import { suggest } from "../model/nearest";
import { volumesOf } from "./claims";
import type { ClaimFacts, ClusterFacts } from "../model/facts";
import type { NodeFacts } from "../model/node-facts";
import { hostnameLabel, hostnameOf, whyNoPod } from "../model/nodes";
import type { ClaimPlan, VolumePlan } from "../model/storage";
import { volumePath } from "../model/config-path";
import type { Fault, StoragePlan } from "../model/plan";

type Found = (volume: VolumePlan) => ClaimFacts | undefined;

/** Looks a volume's claim up. A claim that is being deleted counts as gone. */
export const finder = (claims: readonly ClaimFacts[]): Found => {
  const there = claims.filter(({ deleting }) => !deleting);
  const found = new Map(there.map((claim) => [`${claim.namespace}/${claim.name}`, claim]));
  return ({ namespace, name }) => found.get(`${namespace}/${name}`);
};

export const isBound = (claim: ClaimFacts | undefined) => claim?.phase === "Bound";

/** The volumes for which the config names a node and that don't exist yet. */
export function namedNodes(
  { services }: Pick<StoragePlan, "services">,
  claims: readonly ClaimFacts[],
): (VolumePlan & { node: string })[] {
  const found = finder(claims);
  return volumesOf(services.flatMap(({ claims }) => claims)).flatMap((volume) =>
    volume.node === undefined || isBound(found(volume)) ? [] : [{ ...volume, node: volume.node }],
  );
}

/** Nodes of volumes that don't exist yet, on which no pod of the service could ever start. */
export function guardNodes(plan: StoragePlan, { claims, nodes }: ClusterFacts): Fault[] {
  const named = nodes ? namedNodes(plan, claims) : [];
  return [
    ...named.flatMap((volume) => {
      const message = reasonAgainst(volume, nodes ?? [], plan);
      return message === undefined ? [] : [{ path: volumePath(volume, "node"), message }];
    }),
    ...plan.services.flatMap((service) =>
      apart(
        service.claims.filter(({ backend }) => isTied(plan, backend)),
        finder(claims),
      ),
    ),
  ];
}

/** Why no volume can be made on the node that the config names: its first pod would be Pending for ever. */
function reasonAgainst(
  { node: wanted, service, keptIndex, name: claim }: VolumePlan & { node: string },
  nodes: readonly NodeFacts[],
  { services }: StoragePlan,
): string | undefined {
  const node = nodes.find(({ name }) => name === wanted);
  if (!node) return `the cluster has no node "${wanted}"; ${labelled(wanted, nodes) ?? suggestNode(wanted, nodes)}`;
  const planned = services.find(({ name }) => name === service);
  const moves = planned?.claims.some(({ name, move }) => name === claim && move);
  // No pod mounts a kept volume that was never made, nor that of a service without a workload and without a move.
  if (keptIndex !== undefined || !planned || !(planned.run || moves)) return undefined;
  const why = whyNoPod(node, planned.pod?.tolerations);
  return why && `no pod can go to node "${wanted}", so no volume can be made there: the node ${why}`;
}

const suggestNode = (wanted: string, nodes: readonly NodeFacts[]) =>
  suggest(
    wanted,
    nodes.map(({ name }) => name),
  );

/** A person may know a node by the label that its volumes name it by. */
function labelled(wanted: string, nodes: readonly NodeFacts[]): string | undefined {
  const node = nodes.find((each) => hostnameOf(each) === wanted);
  return node && `${wanted} is the label ${hostnameLabel} of node ${node.name}; write ${node.name}`;
}

/** Whether a backend's volumes stay on their node. */
export const isTied = ({ backends }: StoragePlan, name: string | undefined) =>
  backends.some(
    (backend) =>
      backend.name === name &&
      [...backend.classes, ...backend.uses].some(({ capabilities }) => capabilities.followsNode),
  );

/**
 * One pod mounts all volumes of a service, so it can't start where two of them are on different nodes. Checked only
 * where the config names a node.
 */
function apart(claims: readonly ClaimPlan[], found: Found): Fault[] {
  if (!claims.some(({ node, kept }) => node !== undefined || kept.some((volume) => volume.node !== undefined)))
    return [];
  const placed = claims.flatMap((claim) => {
    const there = found(claim);
    const bound = isBound(there);
    const node = there?.node ?? (bound ? undefined : claim.node);
    return node === undefined ? [] : [{ claim, bound, node }];
  });
  const stays = placed.find(({ claim, bound }) => bound && !returns(claim)) ?? placed[0];
  return placed.flatMap(({ claim, bound, node }) => {
    const { name, service } = claim;
    if (node === stays?.node) return [];
    const both =
      `claim ${stays?.claim.name} has its volume on node ${stays?.node}, and one pod mounts both; move them ` +
      `together: npm run move -- ${service}`;
    return [
      bound
        ? { path: volumePath(claim), message: `claim ${name} has its volume on node ${node}, ${both} --back` }
        : { path: volumePath(claim, "node"), message: `"${node}" is another node: ${both} --node ${node}` },
    ];
  });
}

/** Whether an earlier volume is used again. */
const returns = ({ generation, kept }: ClaimPlan) => kept.some((volume) => volume.generation > generation);

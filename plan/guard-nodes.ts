import { suggest } from "../model/nearest";
import { volumesOf } from "./claims";
import type { ClaimFacts, ClusterFacts } from "../model/facts";
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
  const named = namedNodes(plan, claims);
  const names = nodes?.map(({ name }) => name);
  const unknown = names ? named.filter(({ node }) => !names.includes(node)) : [];
  return [
    ...unknown.map((volume) => ({
      path: volumePath(volume, "node"),
      message: `the cluster has no node "${volume.node}"; ${suggest(volume.node, names ?? [])}`,
    })),
    ...plan.services.flatMap((service) =>
      apart(
        service.claims.filter(({ backend }) => isTied(plan, backend)),
        finder(claims),
      ),
    ),
  ];
}

/** Whether a backend's volumes stay on their node. */
const isTied = ({ backends }: StoragePlan, name: string | undefined) =>
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

import { suggest } from "../config/faults";
import { volumesOf } from "./claims";
import type { ClaimFact, ClusterFacts } from "./facts-types";
import type { ClaimPlan, VolumePlan } from "./storage-types";
import type { Fault, StoragePlan } from "./types";

type Found = (volume: VolumePlan) => ClaimFact | undefined;

const finder = (claims: readonly ClaimFact[]): Found => {
  const found = new Map(claims.map((claim) => [`${claim.namespace}/${claim.name}`, claim]));
  return ({ namespace, name }) => found.get(`${namespace}/${name}`);
};

/** The volumes that are still to be made on a node by name. */
export function namedNodes({ services }: Pick<StoragePlan, "services">, claims: readonly ClaimFact[]): (VolumePlan & { node: string })[] {
  const found = finder(claims);
  return volumesOf(services.flatMap(({ claims }) => claims)).flatMap((volume) => (volume.node === undefined || found(volume)?.bound ? [] : [{ ...volume, node: volume.node }]));
}

/** What is wrong with the nodes of volumes that are still to be made: no pod could ever start on them. */
export function guardNodes(plan: StoragePlan, { claims, nodes }: ClusterFacts): Fault[] {
  const named = namedNodes(plan, claims);
  const unknown = nodes ? named.filter(({ node }) => !nodes.includes(node)) : [];
  return [
    ...unknown.map(({ path, node }) => ({ path: `${path}.node`, message: `the cluster has no node "${node}"; ${suggest(node, nodes ?? [])}` })),
    ...plan.services.flatMap((service) => apart(service.claims.filter(({ backend }) => isTied(plan, backend)), named, finder(claims))),
  ];
}

/** Whether a backend's volumes stay on their node. */
const isTied = ({ backends }: StoragePlan, name: string | undefined) =>
  backends.some((backend) => backend.name === name && [...backend.classes, ...backend.uses].some(({ capabilities }) => capabilities.followsNode));

/** One pod has all volumes of a service: what is made on another node than one that is there keeps it from starting. */
function apart(claims: readonly ClaimPlan[], named: readonly (VolumePlan & { node: string })[], found: Found): Fault[] {
  const there = claims.flatMap((claim) => {
    const { bound, node } = found(claim) ?? {};
    return bound && node !== undefined ? [{ name: claim.name, node }] : [];
  });
  return claims.flatMap(({ path, service }) => {
    const volume = named.find((volume) => volume.path === path);
    const other = volume && there.find(({ node }) => node !== volume.node);
    if (!volume || !other) return [];
    return [{ path: `${path}.node`, message: `"${volume.node}" is not where claim ${other.name} has its volume, node ${other.node}, and one pod has both; let them go together: npm run move -- ${service} --node ${volume.node}` }];
  });
}

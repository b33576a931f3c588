import type { ClaimFacts, VolumeFacts } from "../../model/facts";
import { count } from "../../model/quantity";
import { objectNames } from "../pulumi/objects";
import { isSame, type ClusterIdentity, type Place } from "../recover/cluster";

export interface NewClusterFacts {
  /** The stack's mark, `project/stack`. */
  stack: string;
  /** What to call the cluster that the context leads to. */
  context: string;
  /** That cluster; undefined where it can't be told. */
  cluster?: ClusterIdentity;
  /** The uid of the cluster that the last update went to, where the state says it. */
  before?: string;
  /** What the cluster has in the place of each object of the state. */
  places: readonly Place[];
  /** The claims that the stack had, as `namespace/name`. */
  names: readonly string[];
  /** All claims and volumes of the cluster. */
  claims: readonly ClaimFacts[];
  volumes: readonly VolumeFacts[];
}

const wrongContext = "The context or the kubeconfig is wrong: name the stack's cluster (cluster-storage:cluster).";

/**
 * Why the cluster isn't taken for the stack's own that was made anew: whole sentences, each with its way out. None: not
 * one of the stack's objects is there, and neither is any of its data.
 */
export function refuseNewCluster(facts: NewClusterFacts): string[] {
  const { context, cluster, before, places } = facts;
  if (!cluster)
    return [
      `It can't be told which cluster context "${context}" leads to. Have the right granted to read the namespace ` +
        "kube-system, and run this again.",
    ];
  if (cluster.uid === before)
    return [
      `Context "${context}" leads to the very cluster that the last update went to (kube-system ${cluster.uid}). ` +
        "What is gone from it is said by npm run status, with the command for it.",
    ];
  const compared = places.filter(({ object }) => object.uid !== undefined);
  const there = compared.filter(isSame).map(({ object }) => object);
  if (there.length > 0)
    return [
      `${there.length} of the stack's ${count(compared.length, "object")} ${there.length === 1 ? "is" : "are"} in ` +
        `the cluster of context "${context}", with the uids that the state records (${objectNames(there)}), so it is ` +
        "the stack's own cluster. Run pulumi up, which makes anew what is missing and refuses what would lose data.",
    ];
  return [...tooOld(facts, cluster), ...dataThere(facts)];
}

/** A cluster that was there while the stack was still updated elsewhere is another one. */
function tooOld({ context, places }: NewClusterFacts, { made }: ClusterIdentity): string[] {
  const newest = places
    .flatMap(({ object }) => object.created ?? [])
    .sort((a, b) => Date.parse(a) - Date.parse(b))
    .at(-1);
  if (made === undefined || newest === undefined || Date.parse(made) >= Date.parse(newest)) return [];
  return [
    `The cluster of context "${context}" was made at ${made}, and the stack still made objects in its own cluster at ` +
      `${newest}, so this one isn't that cluster made anew. ${wrongContext} To use this cluster besides, make a ` +
      "stack for it.",
  ];
}

/** Claims and volumes that somebody brought along, from a backup of the cluster for instance, or another stack's. */
function dataThere({ stack, context, names, claims, volumes }: NewClusterFacts): string[] {
  const own = claims.filter((claim) => claim.stack === stack || names.includes(`${claim.namespace}/${claim.name}`));
  const left = volumes.filter(({ claim }) => claim !== undefined && names.includes(claim));
  if (own.length + left.length === 0) return [];
  const named = [
    ...own.map(({ namespace, name }) => ({ kind: "claim", namespace, name })),
    ...left.map(({ name }) => ({ kind: "volume", name })),
  ];
  return [
    `The cluster of context "${context}" has data under the stack's names (${objectNames(named)}). If it was brought ` +
      "from the old cluster, npm run adopt takes it over, with the data; if it is somebody else's, this is another " +
      "cluster than the stack's.",
  ];
}

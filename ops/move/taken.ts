import { errorCode, type Kube } from "../../kube/client";
import { listClaims, listVolumes } from "../../kube/look-up";
import type { ClaimPlan } from "../../model/storage";

/** The generations of a claim that the cluster still has something of. */
export type TakenOf = (claim: ClaimPlan) => number[];

/**
 * Reads which claims there are, and which claims volumes are kept for: a volume that outlived its claim would come back
 * with the claim's name. Without the right to list volumes only the claims count.
 */
export async function readTaken(kube: Pick<Kube, "core">): Promise<TakenOf> {
  const lists = [
    listClaims(kube).then((claims) => claims.map(({ namespace, name }) => `${namespace}/${name}`)),
    listVolumes(kube).then((volumes) => volumes.flatMap(({ claim }) => claim ?? [])),
  ].map((list) => list.catch((error: unknown) => (errorCode(error) === 403 ? [] : Promise.reject(error as Error))));
  const names = (await Promise.all(lists)).flat();
  return (claim) => takenGenerations(claim, names);
}

/** The generations whose claims' names are among `names`, each `namespace/name`. */
export function takenGenerations(
  { name, namespace, generation, template, service }: ClaimPlan,
  names: readonly string[],
): number[] {
  const tail = template === undefined ? "" : `-${service}-0`;
  const own = generation === 1 ? "" : `-${generation}`;
  const base = `${namespace}/${name.slice(0, name.length - `${own}${tail}`.length)}`;
  return names
    .filter((known) => known.startsWith(`${base}-`) && known.endsWith(tail))
    .map((known) => known.slice(base.length + 1, known.length - tail.length))
    .filter((number) => /^[1-9]\d*$/.test(number))
    .map(Number);
}

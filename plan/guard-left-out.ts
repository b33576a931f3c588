import { backupsName } from "../model/backup";
import { pathText } from "../model/config-path";
import type { ClaimFacts, ClusterFacts } from "../model/facts";
import { ownerName } from "../model/metadata";
import { servedClaim } from "../model/served-repository";
import type { Fault, StoragePlan } from "../model/plan";
import type { VolumePlan } from "../model/storage";
import { describeOwner } from "./guard-volume";

/**
 * Claims of this stack that hold data and that the config doesn't name any more: a fault, or a warning where the config
 * had given up their protection.
 */
export function guardLeftOut(
  plan: StoragePlan,
  volumes: VolumePlan[],
  facts: ClusterFacts,
): { faults: Fault[]; warnings: string[] } {
  const served = plan.backups?.served?.claim;
  const named = new Set([...volumes, ...(served ? [served] : [])].map(({ namespace, name }) => `${namespace}/${name}`));
  const services = new Set(plan.services.map(({ name }) => name));
  const left = facts.claims.filter(
    ({ stack, namespace, name }) => stack === ownerName(plan.owner) && !named.has(`${namespace}/${name}`),
  );
  return {
    faults: left
      .filter(({ unprotected }) => !unprotected)
      .map((claim) =>
        isRepository(claim)
          ? { path: "backups.repository.claim", message: repositoryGone(claim) }
          : {
              path: pathText(["services", claim.service]),
              message: services.has(claim.service) ? renamed(claim) : removed(claim),
            },
      ),
    warnings: left
      .filter(({ unprotected }) => unprotected)
      .map(
        ({ service, name, namespace }) =>
          `claim ${name} in namespace ${namespace} is deleted with its data, because ` +
          (isRepository({ service, name }) ? "protect was false" : `services.${service} was protect: false`),
      ),
  };
}

const isRepository = ({ service, name }: Pick<ClaimFacts, "service" | "name">) =>
  service === backupsName && name === servedClaim;

const repositoryGone = ({ name, namespace }: ClaimFacts) =>
  `is gone from the config, but its claim ${name} in namespace ${namespace} has the backups; leave it in, or copy ` +
  "its points to the new place first (docs/backups.md), update once with protect: false, and then take it out";

function removed({ service, name, namespace }: ClaimFacts): string {
  return (
    `is gone from the config, but its claim ${name} is in namespace ${namespace}; to take the service out and ` +
    `keep its data, leave services.${service} in and set run: false`
  );
}

function renamed({ service, name, namespace }: ClaimFacts): string {
  return (
    `claim ${name} in namespace ${namespace} is not in the config any more; undo the change of its name, ` +
    `namespace or generation, or list it under kept; npm run release -- ${service} gives up a kept volume`
  );
}

/**
 * Other people's claims in a namespace that this update deletes. An unprotected namespace is deleted with its last
 * service, and all claims in it are deleted with it.
 */
export function guardOthersClaims({ namespaces, owner }: StoragePlan, { claims }: ClusterFacts): Fault[] {
  const isOwn = (claim: ClaimFacts) => claim.stack === ownerName(owner);
  const going = claims.filter(
    (claim) => isOwn(claim) && claim.unprotected && !namespaces.some(({ name }) => name === claim.namespace),
  );
  return claims
    .filter((claim) => !isOwn(claim))
    .flatMap((claim) => {
      const service = going.find(({ namespace }) => namespace === claim.namespace)?.service;
      if (service === undefined) return [];
      return [
        {
          path: pathText(["services", service]),
          message:
            `removing ${service} deletes namespace ${claim.namespace} and claim ${claim.name} in it, which ` +
            `${describeOwner(claim)}; move that claim's data elsewhere first, or leave services.${service} in and ` +
            "set run: false",
        },
      ];
    });
}

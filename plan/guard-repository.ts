import type { ClusterFacts } from "../model/facts";
import { ownerName } from "../model/metadata";
import type { Fault, StoragePlan } from "../model/plan";
import { bearsEarlierName } from "./guard-cluster";
import { describeOwner, hasOtherClass } from "./guard-volume";

/**
 * What an update must not do with the claim that the backups are on: Pulumi makes an unprotected claim of another class
 * anew, and takes one over that has this name already.
 */
export function guardRepository({ owner, backups }: StoragePlan, facts: ClusterFacts): Fault[] {
  const volume = backups?.served?.claim;
  const claim = facts.claims.find(({ namespace, name }) => namespace === volume?.namespace && name === volume.name);
  if (!volume || !claim) return [];
  const { name, namespace, stack } = claim;
  // A stack that was renamed hears that of the services' claims.
  const renamed = facts.claims.some((each) => each.stack === stack && bearsEarlierName(each, owner, facts));
  if (stack !== undefined && stack !== ownerName(owner))
    return renamed
      ? []
      : [
          {
            path: "backups.namespace",
            message: `claim ${name} is in namespace ${namespace} already and ${describeOwner(claim)}; name another`,
          },
        ];
  if (!hasOtherClass(volume, claim)) return [];
  const was = claim.className === "" ? "a static volume" : `class "${claim.className}"`;
  const message =
    `claim ${name} in namespace ${namespace} has the backups on ${was}, and a claim's class can't be changed; ` +
    "undo the change, or copy its points to another place first (docs/backups.md)";
  return [{ path: "backups.repository.claim", message }];
}

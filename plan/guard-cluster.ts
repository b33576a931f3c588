import type { ClaimFacts, ClusterFacts } from "../model/facts";
import { ownerName } from "../model/metadata";
import type { Fault, Owner, StoragePlan } from "../model/plan";
import { newClusterCommand, renamedCommand } from "../model/recover-command";

/** On another cluster, the same stack would begin with empty volumes. */
export function guardCluster(
  { cluster, owner, adopting }: StoragePlan,
  { uid, made, deployedTo }: ClusterFacts,
): Fault[] {
  if (adopting || !uid || !deployedTo || uid === deployedTo) return [];
  return [
    {
      path: "cluster.context",
      message:
        `"${cluster.context}" leads to another cluster than the one that has this stack's data (kube-system ${uid}` +
        `${made === undefined ? "" : `, made at ${made}`}, not ${deployedTo}); if the cluster was there before this ` +
        "stack's last update, the context or the kubeconfig is wrong: name the context of the stack's cluster; if it " +
        `was made anew since then (a reset, minikube delete), the old one's data is not in it: ` +
        `${newClusterCommand(owner.stack)} (with --context ${cluster.context} instead of --stack where npm start ` +
        "deployed it) looks, and lets the stack begin empty there",
    },
  ];
}

/** It is the very claim that the stack had at its last update, and it bears the mark of another stack. */
export const bearsEarlierName = (
  { namespace, name, uid, stack }: ClaimFacts,
  owner: Owner,
  { known }: Pick<ClusterFacts, "known">,
): boolean => stack !== undefined && stack !== ownerName(owner) && known?.[`${namespace}/${name}`] === uid;

/** A stack that was renamed: its state has the claims by their uids, and they bear the mark of its earlier name. */
export function guardRenamed({ owner, adopting }: StoragePlan, facts: ClusterFacts): Fault[] {
  if (adopting) return [];
  const renamed = facts.claims.filter((claim) => bearsEarlierName(claim, owner, facts));
  return [...new Set(renamed.map(({ stack = "" }) => stack))].sort().map((mark) => {
    const [first, ...more] = renamed.filter(({ stack }) => stack === mark);
    const others = more.length === 0 ? "" : ` (and ${more.length} more)`;
    return {
      path: "services",
      message:
        `claim ${first?.name} in namespace ${first?.namespace}${others} is this stack's by its uid and bears the ` +
        `mark of stack ${mark}; if this stack was renamed from that one (pulumi stack rename): ` +
        `${renamedCommand(ownerName(owner), mark)} takes over what bears the old name, and changes no data; if both ` +
        "stacks exist, only one of them may have the claim",
    };
  });
}

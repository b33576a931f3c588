import type { Backend } from "../model/backend";
import { classForeign, classImmutable } from "./checks/classes";
import { clusterNodes, clusterReachable, clusterVersion } from "./checks/cluster";
import { defaultClassCheck } from "./checks/default-class";
import { longhornLeftovers } from "../backends/longhorn/check-leftovers";
import { podSecurity } from "./checks/pod-security";
import { provisionerName } from "./checks/provisioners";
import { limitRanges, quotas } from "./checks/quotas";
import { rights } from "./checks/rights";
import type { GeneralCheck } from "./general";

/** What is asked of every cluster, in the order of its lines. */
export const generalChecks: readonly GeneralCheck[] = [
  clusterReachable,
  clusterVersion,
  clusterNodes,
  rights,
  defaultClassCheck,
  classForeign,
  classImmutable,
  provisionerName,
  longhornLeftovers,
  podSecurity,
  quotas,
  limitRanges,
];

/** Every check that can be skipped by its name. */
export function checkIds(types: ReadonlyMap<string, Backend>): string[] {
  return [...generalChecks, ...[...types.values()].flatMap(({ checks = [] }) => checks)].map(({ id }) => id);
}

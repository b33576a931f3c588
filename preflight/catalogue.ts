import type { Backend, GeneralCheck } from "../model/backend";
import { admission } from "./checks/admission";
import { classForeign, classImmutable } from "./checks/classes";
import { chartSources } from "./checks/charts";
import { certManager } from "./checks/cert-manager";
import { clusterNodes, clusterReachable, clusterVersion } from "./checks/cluster";
import { defaultClassCheck } from "./checks/default-class";
import { nodesPrepared } from "./checks/nodes";
import { namedObjects } from "./checks/named-objects";
import { podPlaces } from "./checks/places";
import { pageSize } from "./checks/page-size";
import { podLimitRanges } from "./checks/pod-limit-ranges";
import { podQuotas } from "./checks/pod-quotas";
import { podSecurity } from "./checks/pod-security";
import { provisionerName, provisionerRuns } from "./checks/provisioners";
import { limitRanges, quotas } from "./checks/quotas";
import { nodeRoom } from "./checks/requests";
import { rights } from "./checks/rights";
import { secretsAtRest } from "./checks/secrets-at-rest";
import { volumePolicy } from "./checks/volume-policy";

/** The checks of every cluster that belong to no backend, in the order in which they are printed. */
const ownChecks: readonly GeneralCheck[] = [
  clusterReachable,
  clusterVersion,
  clusterNodes,
  nodesPrepared,
  nodeRoom,
  podPlaces,
  pageSize,
  rights,
  certManager,
  chartSources,
  defaultClassCheck,
  classForeign,
  classImmutable,
  volumePolicy,
  provisionerName,
  provisionerRuns,
  podSecurity,
  admission,
  secretsAtRest,
  quotas,
  limitRanges,
  podQuotas,
  podLimitRanges,
  namedObjects,
];

/** All checks of every cluster, group by group: those above, and those for what an earlier backend may have left. */
export function generalChecks(types: ReadonlyMap<string, Backend>): GeneralCheck[] {
  const all = [...ownChecks, ...[...types.values()].flatMap(({ clusterChecks = [] }) => clusterChecks)];
  const groups = [...new Set(all.map(({ group }) => group))];
  return groups.flatMap((group) => all.filter((check) => check.group === group));
}

/** Every check that can be skipped by its name. */
export function checkIds(types: ReadonlyMap<string, Backend>): string[] {
  return [...generalChecks(types), ...[...types.values()].flatMap(({ checks = [] }) => checks)].map(({ id }) => id);
}

import type { BackupTask } from "../model/backup";
import type { Rule } from "../model/rights";

/** The claims whose data a point has, which have a backup's notes. A directory of the pod has none. */
export const claimsOf = ({ volumes }: Pick<BackupTask, "volumes">): string[] =>
  volumes.flatMap(({ claim }) => claim ?? []);

/**
 * What a service's backup may do in its namespace: run the recipe's commands in its pod, read its keys, and note the
 * result. RBAC can't limit lists and new objects to names, and a Deployment's pod has another name each time.
 */
export function backupRights(task: BackupTask): Rule[] {
  const { service, workload, keys } = task;
  const { kind, name } = workload;
  const pod = kind === "StatefulSet" ? { resourceNames: [`${name}-0`] } : {};
  const claims = claimsOf(task);
  return [
    { apiGroups: ["apps"], resources: [`${kind.toLowerCase()}s`], resourceNames: [name], verbs: ["get"] },
    { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
    { apiGroups: [""], resources: ["pods"], ...pod, verbs: ["get"] },
    { apiGroups: [""], resources: ["pods/exec"], ...pod, verbs: ["get", "create"] },
    ...(claims.length > 0
      ? [{ apiGroups: [""], resources: ["persistentvolumeclaims"], resourceNames: claims, verbs: ["get", "patch"] }]
      : []),
    ...(keys === undefined
      ? []
      : [{ apiGroups: [""], resources: ["secrets"], resourceNames: [service], verbs: ["get"] }]),
    { apiGroups: [""], resources: ["events"], verbs: ["create"] },
  ];
}

/** What all backups may do in their own namespace: take the repository's Lease from a pod that has ended. */
export const leaseRights = (lease: string): Rule[] => [
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["create"] },
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"], resourceNames: [lease], verbs: ["get", "patch"] },
  { apiGroups: [""], resources: ["pods"], verbs: ["get"] },
];

/** What the care and the metrics may do in a service's namespace: read the notes on its claims. */
export const noteRights = (claims: string[]): Rule[] => [
  { apiGroups: [""], resources: ["persistentvolumeclaims"], resourceNames: claims, verbs: ["get"] },
];

/** What the care may do in its own namespace: take the Lease as a backup does, and tell what it came to. */
export const careHomeRights = (lease: string): Rule[] => [
  ...leaseRights(lease),
  { apiGroups: [""], resources: ["events"], verbs: ["create"] },
];

import { pathText } from "../model/config-path";
import { accessRoles, type AccessConfig, type AccessPlan, type AccessRole } from "../model/access";
import { suggest } from "../model/nearest";
import type { Fault } from "../model/plan";
import type { Rule } from "../model/rights";

const seeing = ["get", "list", "watch"];

/** No Secrets, and no ConfigMaps and logs: programs write passwords and data into them. */
const view: Rule[] = [
  {
    apiGroups: [""],
    resources: [
      "pods",
      "services",
      "endpoints",
      "persistentvolumeclaims",
      "events",
      "serviceaccounts",
      "resourcequotas",
      "limitranges",
    ],
    verbs: seeing,
  },
  { apiGroups: ["apps"], resources: ["deployments", "statefulsets", "replicasets"], verbs: seeing },
  { apiGroups: ["batch"], resources: ["jobs", "cronjobs"], verbs: seeing },
  { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: seeing },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: seeing },
];

/**
 * No change of a workload: who may change a pod's template may mount every volume and Secret of the namespace. Nor a
 * change of its scale, because two pods of a Deployment would write to one volume.
 */
const operate: Rule[] = [
  { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
  { apiGroups: [""], resources: ["pods"], verbs: ["delete"] },
];

/** Nothing here deletes a claim or a workload. */
const restore: Rule[] = [
  { apiGroups: [""], resources: ["pods"], verbs: ["create"] },
  { apiGroups: [""], resources: ["pods/exec", "pods/portforward"], verbs: ["get", "create"] },
  { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: ["create", "patch", "update"] },
  { apiGroups: ["batch"], resources: ["jobs"], verbs: ["create", "delete"] },
  { apiGroups: ["apps"], resources: ["deployments/scale", "statefulsets/scale"], verbs: ["get", "patch", "update"] },
];

const rulesOf: Record<AccessRole, Rule[]> = {
  view,
  operate: [...view, ...operate],
  restore: [...view, ...operate, ...restore],
};

/** The Roles of one of the stack's namespaces; none where the config has no such section. */
export function planAccess(namespace: string, access: AccessConfig | undefined): AccessPlan[] {
  if (!access) return [];
  return accessRoles.map((role) => ({
    role,
    name: `storage-${role}`,
    rules: rulesOf[role],
    subjects: access[role]
      .filter((subject) => subject.in?.includes(namespace) ?? true)
      .map(({ in: _, ...subject }) => subject),
  }));
}

/** Faults of namespaces that no service of the stack is in. */
export function checkAccess(access: AccessConfig | undefined, namespaces: readonly string[]): Fault[] {
  if (!access) return [];
  return accessRoles.flatMap((role) =>
    access[role].flatMap((subject, i) =>
      (subject.in ?? []).flatMap((name, j): Fault[] =>
        namespaces.includes(name)
          ? []
          : [
              {
                path: pathText(["access", role, i, "in", j]),
                message: `no service of this stack is in the namespace "${name}"; ${suggest(name, namespaces)}`,
              },
            ],
      ),
    ),
  );
}

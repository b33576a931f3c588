import type { types } from "@pulumi/kubernetes";
import { volumesOf } from "../plan/claims";
import type { ClaimPlan, ServicePlan } from "../plan/types";

type Rule = types.input.rbac.v1.PolicyRule;

/** What a move may do: to the service's workload and claims by name, and to pods of its namespace, which have no names before they exist. */
export function moveRights({ name, kind }: ServicePlan, claims: ClaimPlan[]): Rule[] {
  const workloads = kind === "Deployment" ? "deployments" : "statefulsets";
  const templated = claims.some(({ template }) => template);
  return [
    { apiGroups: ["apps"], resources: [workloads], resourceNames: [name], verbs: ["get", "patch", ...(templated ? ["delete"] : [])] },
    // A set whose template changes is made anew.
    ...(templated ? [{ apiGroups: ["apps"], resources: [workloads], verbs: ["create"] }] : []),
    { apiGroups: [""], resources: ["persistentvolumeclaims"], resourceNames: volumesOf(claims).map((volume) => volume.name), verbs: ["get", "patch"] },
    { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "create", "delete"] },
    { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
    { apiGroups: [""], resources: ["events"], verbs: ["list"] },
    ...(claims.some(({ move }) => move?.kind === "fill") ? [{ apiGroups: [""], resources: ["pods/exec"], verbs: ["create", "get"] }] : []),
  ];
}

import { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from "@pulumi/kubernetes/rbac/v1";
import type * as pulumi from "@pulumi/pulumi";
import { metadata } from "../plan/metadata";
import type { Owner } from "../plan/types";
import type { ProvisionerNames } from "./local-path-pod";

const watch = ["get", "list", "watch"];

/** Volumes and claims are looked after in the whole cluster; a claim is updated when its node turned out unfit. */
const clusterRules = [
  { apiGroups: [""], resources: ["nodes"], verbs: watch },
  { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: [...watch, "update"] },
  { apiGroups: [""], resources: ["persistentvolumes"], verbs: [...watch, "create", "patch", "update", "delete"] },
  { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
  { apiGroups: ["storage.k8s.io"], resources: ["storageclasses"], verbs: watch },
];

/** Its own namespace only: the helper pods with their logs, and the template that they are made from. */
const namespaceRules = [
  { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "create", "delete"] },
  { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
  { apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list"] },
];

/** What the provisioner may do, and no more. */
export function grantRights(owner: Owner, { app, namespace, account }: ProvisionerNames, opts: pulumi.CustomResourceOptions): pulumi.Resource[] {
  const subjects = [{ kind: "ServiceAccount", name: account, namespace }];
  const meta = (namespace?: string) => metadata(owner, app, "provisioner", app, namespace);
  const role = (kind: string) => ({ apiGroup: "rbac.authorization.k8s.io", kind, name: app });
  return [
    new ClusterRole(app, { metadata: meta(), rules: clusterRules }, opts),
    new ClusterRoleBinding(app, { metadata: meta(), roleRef: role("ClusterRole"), subjects }, opts),
    new Role(app, { metadata: meta(namespace), rules: namespaceRules }, opts),
    new RoleBinding(app, { metadata: meta(namespace), roleRef: role("Role"), subjects }, opts),
  ];
}

import { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from "@pulumi/kubernetes/rbac/v1";
import type * as pulumi from "@pulumi/pulumi";
import type { InstalledRights } from "../../model/rights";
import { metadata } from "../../model/metadata";
import type { Owner } from "../../model/plan";
import type { ProvisionerNames } from "./pod";

/** The provisioner's roles and their bindings to its account. */
export function grantRights(
  owner: Owner,
  rights: InstalledRights,
  { app, namespace, account }: ProvisionerNames,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const subjects = [{ kind: "ServiceAccount", name: account, namespace }];
  const meta = (namespace?: string) => metadata(owner, app, "provisioner", app, namespace);
  const role = (kind: string) => ({ apiGroup: "rbac.authorization.k8s.io", kind, name: app });
  return [
    new ClusterRole(app, { metadata: meta(), rules: rights.cluster }, opts),
    new ClusterRoleBinding(app, { metadata: meta(), roleRef: role("ClusterRole"), subjects }, opts),
    new Role(app, { metadata: meta(namespace), rules: rights.namespace }, opts),
    new RoleBinding(app, { metadata: meta(namespace), roleRef: role("Role"), subjects }, opts),
  ];
}

import { Namespace, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from "@pulumi/kubernetes/rbac/v1";
import { either, labels, type KindCase } from "./case";

/** Namespaces, accounts and their rights. */
export const access: KindCase[] = [
  {
    kind: "Namespace",
    update: "labels",
    replace: "name",
    declare: ({ prefix }, options, variant) =>
      void new Namespace(
        "Namespace",
        {
          metadata: { name: `${prefix}-${either(variant, "replace", "b", "a")}`, labels: labels(variant) },
        },
        options,
      ),
  },
  {
    kind: "ServiceAccount",
    update: "automountServiceAccountToken",
    replace: "name",
    declare: ({ namespace }, options, variant) =>
      void new ServiceAccount(
        "ServiceAccount",
        {
          metadata: { name: either(variant, "replace", "other", "account"), namespace },
          automountServiceAccountToken: either(variant, "update", false, true),
        },
        options,
      ),
  },
  {
    kind: "Role",
    update: "rules",
    replace: "name",
    declare: ({ namespace }, options, variant) =>
      void new Role(
        "Role",
        {
          metadata: { name: either(variant, "replace", "other", "role"), namespace },
          rules: [{ apiGroups: [""], resources: ["pods"], verbs: either(variant, "update", ["get", "list"], ["get"]) }],
        },
        options,
      ),
  },
  {
    kind: "RoleBinding",
    update: "subjects",
    replace: "roleRef",
    declare: ({ namespace }, options, variant) =>
      void new RoleBinding(
        "RoleBinding",
        {
          metadata: { name: "binding", namespace },
          roleRef: {
            apiGroup: "rbac.authorization.k8s.io",
            kind: "Role",
            name: either(variant, "replace", "other", "role"),
          },
          subjects: [{ kind: "ServiceAccount", name: either(variant, "update", "two", "one"), namespace }],
        },
        options,
      ),
  },
  {
    kind: "ClusterRole",
    update: "rules",
    replace: "name",
    declare: ({ prefix }, options, variant) =>
      void new ClusterRole(
        "ClusterRole",
        {
          metadata: { name: `${prefix}-${either(variant, "replace", "b", "a")}` },
          rules: [
            { apiGroups: [""], resources: ["nodes"], verbs: either(variant, "update", ["get", "list"], ["get"]) },
          ],
        },
        options,
      ),
  },
  {
    kind: "ClusterRoleBinding",
    update: "subjects",
    replace: "roleRef",
    declare: ({ prefix, namespace }, options, variant) =>
      void new ClusterRoleBinding(
        "ClusterRoleBinding",
        {
          metadata: { name: prefix },
          roleRef: {
            apiGroup: "rbac.authorization.k8s.io",
            kind: "ClusterRole",
            name: either(variant, "replace", "none", "view"),
          },
          subjects: [{ kind: "ServiceAccount", name: either(variant, "update", "two", "one"), namespace }],
        },
        options,
      ),
  },
];

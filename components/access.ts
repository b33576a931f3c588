import { Role, RoleBinding } from "@pulumi/kubernetes/rbac/v1";
import * as pulumi from "@pulumi/pulumi";
import type { AccessPlan } from "../model/access";
import { metadata } from "../model/metadata";
import type { Owner } from "../model/plan";

export interface AccessArgs {
  owner: Owner;
  namespace: string;
  roles: AccessPlan[];
}

/** The Roles of a namespace that people are given, and the bindings of those that the config names. */
export class Access extends pulumi.ComponentResource {
  constructor(name: string, args: AccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-storage:index:Access", name, {}, opts);
    const { owner, namespace, roles } = args;
    for (const { name: role, rules, subjects } of roles) {
      const unique = `${namespace}-${role}`;
      const meta = metadata(owner, role, "access", role, namespace);
      const made = new Role(unique, { metadata: meta, rules }, { parent: this });
      if (subjects.length === 0) continue;
      new RoleBinding(
        unique,
        {
          metadata: meta,
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role },
          subjects: subjects.map((subject) => ({
            ...subject,
            ...(subject.kind !== "ServiceAccount" && { apiGroup: "rbac.authorization.k8s.io" }),
          })),
        },
        { parent: this, dependsOn: made },
      );
    }
    this.registerOutputs();
  }
}

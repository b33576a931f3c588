import { Role, RoleBinding } from "@pulumi/kubernetes/rbac/v1";
import type * as pulumi from "@pulumi/pulumi";
import { metadata } from "../model/metadata";
import type { Owner } from "../model/plan";
import type { Rule } from "../model/rights";
import { noteRights } from "../plan/backup-rights";

/**
 * Gives rights to an account: in the namespace and under the name of `meta`. `subject`: the account. `unique`: the
 * name of both objects in the state.
 */
export function giveRights(
  unique: string,
  meta: ReturnType<typeof metadata>,
  rules: Rule[],
  subject: { name: string; namespace: string },
  parent: pulumi.Resource,
): pulumi.Resource[] {
  const role = new Role(unique, { metadata: meta, rules }, { parent });
  const binding = new RoleBinding(
    unique,
    {
      metadata: meta,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: meta.name },
      subjects: [{ kind: "ServiceAccount", ...subject }],
    },
    { parent, dependsOn: role },
  );
  return [role, binding];
}

/** Lets an account, the `subject`, read what is noted on the claims of services, each in its namespace. */
export const giveNotes = (
  { owner, component, subject }: { owner: Owner; component: string; subject: { name: string; namespace: string } },
  services: readonly { service: string; namespace: string; claims: string[] }[],
  parent: pulumi.Resource,
): pulumi.Resource[] =>
  services.flatMap(({ service, namespace, claims }) => {
    if (claims.length === 0) return [];
    const name = `${service}-${subject.name}`;
    const there = metadata(owner, subject.name, component, name, namespace);
    return giveRights(name, there, noteRights(claims), subject, parent);
  });

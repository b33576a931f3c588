import { ServiceAccount } from "@pulumi/kubernetes/core/v1";
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

/**
 * An account of the backups' own namespace that may read what is noted on the claims of services, each in its
 * namespace. `home`: the metadata of what is the account's own; `given`: its rights.
 */
export function createNoteReader(
  { owner, component, name, namespace }: { owner: Owner; component: string; name: string; namespace: string },
  services: readonly { service: string; namespace: string; claims: string[] }[],
  parent: pulumi.Resource,
) {
  const home = metadata(owner, name, component, name, namespace);
  const account = new ServiceAccount(name, { metadata: home, automountServiceAccountToken: false }, { parent });
  const subject = { name, namespace };
  const given = services.flatMap((noted) => {
    if (noted.claims.length === 0) return [];
    const unique = `${noted.service}-${name}`;
    const there = metadata(owner, name, component, unique, noted.namespace);
    return giveRights(unique, there, noteRights(noted.claims), subject, parent);
  });
  return { home, account, subject, given };
}

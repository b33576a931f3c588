import type { Rule } from "../model/rights";
import { backupRights } from "../plan/backup-rights";
import { moverRights } from "../plan/mover-rights";
import type { StoragePlan } from "../model/plan";
import type { Grant } from "../model/preflight-facts";

/** The rights that the roles of an update of this plan give: to what its backends install, and to its moves. */
export function givenRights({ backends, services, namespaces }: StoragePlan): Grant[] {
  const installed = backends.flatMap(({ name, install }) => {
    if (!install?.rights) return [];
    const { namespace, rights } = install;
    return [...expand(rights.cluster, `backend ${name}`), ...expand(rights.namespace, `backend ${name}`, namespace)];
  });
  const moves = services.flatMap((service) => {
    const moved = service.claims.filter(({ move }) => move);
    return moved.length > 0
      ? expand(moverRights(service, moved), `the move of ${service.name}`, service.namespace)
      : [];
  });
  const backups = services.flatMap(({ name, namespace, backup }) =>
    backup ? expand(backupRights(backup.task), `the backup of ${name}`, namespace) : [],
  );
  // The last role has the rights of the others as well.
  const people = namespaces.flatMap(({ name, access = [] }) =>
    access.slice(-1).flatMap((role) => expand(role.rules, `people with ${role.name}`, name)),
  );
  return [...installed, ...moves, ...backups, ...people];
}

function expand(rules: readonly Rule[], to: string, namespace?: string): Grant[] {
  return rules.flatMap(({ apiGroups, resources, resourceNames, verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        verbs.flatMap((verb) =>
          (resourceNames ?? [undefined]).map((name) => ({
            to,
            verb,
            group,
            resource,
            ...(name && { name }),
            ...(namespace && { namespace }),
          })),
        ),
      ),
    ),
  );
}

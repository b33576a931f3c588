import type { Job } from "@pulumi/kubernetes/batch/v1";
import type { ServiceAccount } from "@pulumi/kubernetes/core/v1";
import type { Role } from "@pulumi/kubernetes/rbac/v1";
import * as pulumi from "@pulumi/pulumi";
import { metadata } from "../model/metadata";
import type { MoveBinding, MoveRights } from "../model/move-rights";
import type { Owner, ServicePlan } from "../model/plan";

/** The binding of a service's moves. */
export const bindingOf = (owner: Owner, { namespace }: ServicePlan, app: string) =>
  metadata(owner, app, "move", `${app}-running`, namespace);

/** What the jobs wait for: the account has its rights. A preview gives none. */
export function beforeJobs(
  rights: MoveRights,
  binding: Omit<MoveBinding, "role">,
  role: Role,
  account: ServiceAccount,
): pulumi.Input<pulumi.Resource>[] {
  if (pulumi.runtime.isDryRun()) return [];
  const given = pulumi
    .all([role.metadata.uid, account.id])
    .apply(([uid]) => rights.give({ ...binding, role: uid }).then(() => role));
  return [given];
}

/** Takes the rights away when the last job is complete. */
export function afterJobs(rights: MoveRights, binding: Omit<MoveBinding, "role">, role: Role, jobs: Job[]): void {
  if (pulumi.runtime.isDryRun()) return;
  pulumi.all([role.metadata.uid, ...jobs.map(({ id }) => id)]).apply(([uid]) => rights.take({ ...binding, role: uid }));
}

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
  const given = pulumi.all([role.metadata.uid, account.id]).apply(async ([uid]) => {
    if (isMade(uid)) await rights.give({ ...binding, role: uid });
    return role;
  });
  return [given];
}

/** Takes the rights away when the last job is complete. */
export function afterJobs(rights: MoveRights, binding: Omit<MoveBinding, "role">, role: Role, jobs: Job[]): void {
  if (pulumi.runtime.isDryRun()) return;
  pulumi.all([role.metadata.uid, ...jobs.map(({ id }) => id)]).apply(async ([uid]) => {
    if (isMade(uid)) await rights.take({ ...binding, role: uid });
  });
}

/** An update with --target makes nothing else: what isn't there yet has no uid, and neither have its jobs. */
const isMade = (uid: string | undefined): boolean => uid !== undefined && uid !== "";

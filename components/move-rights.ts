import type { Job } from "@pulumi/kubernetes/batch/v1";
import type { ServiceAccount } from "@pulumi/kubernetes/core/v1";
import type { Role } from "@pulumi/kubernetes/rbac/v1";
import * as pulumi from "@pulumi/pulumi";
import { metadata, type Metadata } from "../model/metadata";
import type { Owner, ServicePlan } from "../model/plan";

/** What binds the account of a service's moves to its role while the jobs run. */
export interface MoveBinding {
  /** Of the RoleBinding; its namespace is that of the role and the account. */
  metadata: Metadata;
  /** The name of both the role and the account. */
  app: string;
  /** The role's uid: the binding goes with the role. */
  role: string;
  /** The names of the service's move jobs. */
  jobs: string[];
}

/**
 * Gives a move's account its rights, and takes them away when its jobs are complete. Pulumi can't do that itself: what
 * it makes stays at least until the next update.
 */
export interface MoveRights {
  /** Throws where the rights can't be given: the jobs could do nothing without them. */
  give(binding: MoveBinding): Promise<void>;
  take(binding: MoveBinding): Promise<void>;
}

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

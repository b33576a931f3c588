import { Job } from "@pulumi/kubernetes/batch/v1";
import { ConfigMap, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import { Role } from "@pulumi/kubernetes/rbac/v1";
import * as pulumi from "@pulumi/pulumi";
import { moverRights } from "../plan/mover-rights";
import type { BackupsPlan } from "../model/backups";
import { metadata, selector } from "../model/metadata";
import type { MoveRights } from "../model/move-rights";
import type { ClaimPlan, MovePlan } from "../model/storage";
import type { MoverPlan, Owner, ServicePlan } from "../model/plan";
import { createAcross } from "./move-across";
import { moveArgs } from "./move-job";
import { afterJobs, beforeJobs, bindingOf } from "./move-rights";
import { moverPrograms } from "./mover-programs";
import { apiServer, restoreEgress } from "./network";
import { repositoryFiles, repositoryPrograms } from "./repository-files";
import { moveName } from "./spill";

export interface MoveArgs {
  owner: Owner;
  service: ServicePlan;
  mover: MoverPlan;
  /** Ports of the API server beside the usual ones. */
  apiPorts?: number[];
  /** The service's claims that have a move. */
  claims: ClaimPlan[];
  rights: MoveRights;
  /** Absent where the stack has none: then no claim is restored. */
  backups?: BackupsPlan;
  /** What a restore waits for: the server of a repository on a volume. */
  restoresAfter?: pulumi.Resource[];
}

/** What carries a service's data from one generation of its volumes to the next: one job for each claim, in turn. */
export class Move extends pulumi.ComponentResource {
  /** When the last job is complete, all jobs are. */
  readonly jobs: Job[] = [];

  constructor(name: string, args: MoveArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-storage:index:Move", name, {}, opts);
    const { owner, service, mover, apiPorts, claims, rights } = args;
    const backups = claims.some(({ move }) => move?.restore) ? args.backups : undefined;
    const app = moveName(service);
    const meta = metadata(owner, app, "move", app, service.namespace);
    const child = { parent: this };
    const account = new ServiceAccount(app, { metadata: meta, automountServiceAccountToken: false }, child);
    const role = new Role(app, { metadata: meta, rules: moverRights(service, claims) }, child);
    const binding = {
      metadata: bindingOf(owner, service, app),
      app,
      jobs: claims.flatMap(({ move }) => move?.job ?? []),
      ...(backups && !isDone(claims) && { repository: repositoryFiles(backups) }),
    };
    const bound = beforeJobs(rights, binding, role, account);
    const more = backups ? repositoryPrograms(backups.repository) : {};
    const scripts = new ConfigMap(app, { metadata: meta, data: { ...moverPrograms(), ...more } }, child);
    const policy = new NetworkPolicy(
      app,
      {
        metadata: meta,
        spec: {
          podSelector: { matchLabels: selector(app) },
          policyTypes: ["Egress"],
          egress: [apiServer(apiPorts), ...(backups ? restoreEgress(backups.server) : [])],
        },
      },
      child,
    );
    const across = createAcross(
      app,
      meta,
      claims.flatMap(({ move }) => (move?.across ? move.job : [])),
      child,
    );
    for (const claim of claims) {
      // Each job stops the same workload, so it waits for the one before.
      const ready = backups ? (args.restoresAfter ?? []) : [];
      const dependsOn = [account, role, ...bound, scripts, policy, ...across, ...ready, ...this.jobs];
      // Two services in two namespaces may have volumes of the same name.
      const unique = `${service.name}-${(claim.move as MovePlan).job}`;
      this.jobs.push(
        new Job(unique, moveArgs({ owner, service, mover, claim, app, backups }), {
          parent: this,
          dependsOn,
          customTimeouts: longest,
        }),
      );
    }
    afterJobs(rights, binding, role, this.jobs);
    this.registerOutputs();
  }
}

/** What was filled stays declared, and has no use of the repository any more. */
const isDone = (claims: readonly ClaimPlan[]) => claims.every(({ move }) => !move?.restore || move.restore.done);

/** A large volume takes long. The job itself notices when nothing goes on. */
const longest = { create: "24h", update: "24h" };

import { Job } from "@pulumi/kubernetes/batch/v1";
import { ConfigMap, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import { Role } from "@pulumi/kubernetes/rbac/v1";
import * as pulumi from "@pulumi/pulumi";
import { moverRights } from "../plan/mover-rights";
import { metadata, selector } from "../model/metadata";
import type { MoveRights } from "../model/move-rights";
import type { ClaimPlan, MovePlan } from "../model/storage";
import type { MoverPlan, Owner, ServicePlan } from "../model/plan";
import { createAcross } from "./move-across";
import { moveArgs } from "./move-job";
import { afterJobs, beforeJobs, bindingOf } from "./move-rights";
import { moverPrograms } from "./mover-programs";
import { apiServer } from "./network";
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
}

/** What carries a service's data from one generation of its volumes to the next: one job for each claim, in turn. */
export class Move extends pulumi.ComponentResource {
  /** When the last job is complete, all jobs are. */
  readonly jobs: Job[] = [];

  constructor(name: string, args: MoveArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-storage:index:Move", name, {}, opts);
    const { owner, service, mover, apiPorts, claims, rights } = args;
    const app = moveName(service);
    const meta = metadata(owner, app, "move", app, service.namespace);
    const child = { parent: this };
    const account = new ServiceAccount(app, { metadata: meta, automountServiceAccountToken: false }, child);
    const role = new Role(app, { metadata: meta, rules: moverRights(service, claims) }, child);
    const binding = {
      metadata: bindingOf(owner, service, app),
      app,
      jobs: claims.flatMap(({ move }) => move?.job ?? []),
    };
    const bound = beforeJobs(rights, binding, role, account);
    const scripts = new ConfigMap(app, { metadata: meta, data: moverPrograms() }, child);
    const policy = new NetworkPolicy(
      app,
      {
        metadata: meta,
        spec: { podSelector: { matchLabels: selector(app) }, policyTypes: ["Egress"], egress: [apiServer(apiPorts)] },
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
      const dependsOn = [account, role, ...bound, scripts, policy, ...across, ...this.jobs];
      // Two services in two namespaces may have volumes of the same name.
      const unique = `${service.name}-${(claim.move as MovePlan).job}`;
      this.jobs.push(
        new Job(unique, moveArgs({ owner, service, mover, claim, app }), {
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

/** A large volume takes long. The job itself notices when nothing goes on. */
const longest = { create: "24h", update: "24h" };

import type { Job } from "@pulumi/kubernetes/batch/v1";
import { type ConfigMap, PersistentVolumeClaim, Service, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import * as pulumi from "@pulumi/pulumi";
import { checksumAnnotation, metadata } from "../model/metadata";
import { volumesOf } from "../plan/claims";
import { movesToSmaller } from "../plan/moves";
import { readyWithin } from "../plan/waits";
import type { MoveRights } from "../model/move-rights";
import type { BackupsPlan } from "../model/backups";
import type { MoverPlan, Owner, ServicePlan } from "../model/plan";
import type { ArrivalGuard } from "./arrival";
import { createCleanupJob } from "./cleanup-job";
import { checksum, Credentials, type ChecksumKey } from "./credentials";
import { createWorkload } from "./create-workload";
import { Database, type DatabaseArgs } from "./database";
import { databaseName } from "./database-pod";
import { frontOptions, serviceArgs } from "./front";
import { Move, type MoveArgs } from "./move";
import { servicePolicy } from "./network";
import { Renewal } from "./renewal";
import { createSecretEnv, secretEnv } from "./secret-env";
import { createSizedEnv } from "./sized-env";
import { moveName } from "./spill";
import type { Tls } from "./tls";
import { claimArgs } from "./workload";

type Dependencies = pulumi.Input<pulumi.Resource>[];

/** What a workload waits for until its image is known to be there. `account`: the one that its pod has. */
export type ImageGate = (service: ServicePlan, account: pulumi.CustomResource) => Dependencies;

/** Called with the workload of a service, which is ready as soon as its id is known. */
export type ReadyHook = (service: ServicePlan, workload: pulumi.CustomResource) => void;

export interface StatefulServiceArgs extends Pick<MoveArgs, "restoresAfter"> {
  owner: Owner;
  mover: MoverPlan;
  backups?: BackupsPlan;
  /** Ports of the API server beside the usual ones. */
  apiPorts?: number[];
  service: ServicePlan;
  /** What has to be there before a claim is made: namespaces, and the classes with what provisions them. */
  claimsAfter: Dependencies;
  /** What has to be there before anything else of the service is made: namespaces. */
  after: Dependencies;
  /** Services that have to be ready before the workload starts. */
  needs: StatefulService[];
  guard: ArrivalGuard;
  rights: MoveRights;
  image?: ImageGate;
  ready?: ReadyHook;
  checksumKey: ChecksumKey;
  /** Absent where no service of the stack encrypts its connections. */
  tls?: Tls;
  /** Other services' secrets that its pod has. */
  foreign: Record<string, pulumi.Output<string>>;
}

/** A service with its data: claims and credentials that outlive the service, and the workload that uses them. */
export class StatefulService extends pulumi.ComponentResource {
  readonly claims: PersistentVolumeClaim[];
  /** What is made before the workload. A database for another service waits for this only, and not for its pod. */
  readonly prepared: pulumi.Resource[];
  readonly credentials?: Credentials;

  constructor(name: string, args: StatefulServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-storage:index:StatefulService", name, {}, opts);
    const { owner, service, after, claimsAfter } = args;
    const kept = { protect: service.protect, retainOnDelete: service.protect };
    this.claims = volumesOf(service.claims).map(
      (volume) =>
        new PersistentVolumeClaim(volume.name, claimArgs(owner, service, volume), {
          parent: this,
          dependsOn: claimsAfter,
          ...kept,
        }),
    );
    this.credentials = this.createCredentials(args);
    // A move starts the service on its new volume. Until then a smaller volume's values do no harm to a larger volume,
    // but the values of a larger one would fill the smaller one, to which the service returns if the move fails.
    const claimed = [...after, ...this.claims];
    const sizedEnv = (dependsOn: Dependencies) => createSizedEnv(owner, service, { parent: this, dependsOn });
    const early = movesToSmaller(service.claims) ? sizedEnv(claimed) : [];
    const moves = this.createMove(args, [...claimed, ...early]);
    const sizes = early.length > 0 ? early : sizedEnv([...claimed, ...moves]);
    this.prepared = [...(this.credentials ? [this.credentials.secret] : []), ...moves];
    if (service.run) this.createWorkload(args, moves, sizes);
    // A service with run: false has no clean-up: nothing new is written, so in the end every file would be old.
    if (service.run && service.cleanup)
      createCleanupJob(owner, service, service.cleanup, args.mover, {
        parent: this,
        dependsOn: [...claimed, ...moves],
      });
    // The next update compares these with the cluster: a claim that is gone or was made anew is no longer the data's.
    // Nor is an earlier password used again.
    const claims = pulumi.all(this.claims.map(knownClaim)).apply(Object.fromEntries);
    this.registerOutputs({ claims, rotation: service.rotation });
  }

  private createCredentials({ owner, service, after }: StatefulServiceArgs): Credentials | undefined {
    const { name, namespace, credentials, protect } = service;
    if (credentials.length === 0) return undefined;
    return new Credentials(name, { owner, service: name, namespace, credentials, protect, after }, { parent: this });
  }

  private createMove(args: StatefulServiceArgs, dependsOn: Dependencies): Job[] {
    const { service } = args;
    const claims = service.claims.filter(({ move }) => move);
    if (claims.length === 0) return [];
    return new Move(moveName(service), { ...args, claims }, { parent: this, dependsOn }).jobs;
  }

  private createWorkload(
    { owner, mover, service, after, needs, guard, image, ready, checksumKey, tls, foreign }: StatefulServiceArgs,
    moves: Job[],
    sizes: ConfigMap[],
  ): void {
    const { credentials } = this;
    const { name, namespace, component, database } = service;
    const child = { parent: this, dependsOn: after };
    const account = new ServiceAccount(
      name,
      { metadata: metadata(owner, name, component, name, namespace), automountServiceAccountToken: false },
      child,
    );
    const policy = new NetworkPolicy(
      name,
      {
        metadata: metadata(owner, name, component, name, namespace),
        spec: servicePolicy(name, service.container.ports, service.network),
      },
      child,
    );
    // The job's pod waits for the server, and the workload's pod waits for the database, so all can start at once.
    if (database && credentials)
      this.createDatabase({ owner, database, checksumKey }, credentials, [
        ...after,
        ...needs.flatMap(({ prepared }) => prepared),
      ]);
    const variables = secretEnv(service);
    const headless =
      service.kind === "StatefulSet" ? [new Service(`${name}-headless`, serviceArgs(owner, service, true), child)] : [];
    new Service(name, serviceArgs(owner, service, false), { ...child, ...frontOptions(service) });
    const certificates = tls?.forPod(service, child);
    const dependsOn = [
      ...after,
      ...needs,
      ...this.claims,
      ...moves,
      ...guard(service, moves),
      ...(image?.(service, account) ?? []),
      account,
      policy,
      ...headless,
      ...(credentials ? [credentials.secret] : []),
      ...createSecretEnv(owner, service, variables, child),
      ...sizes,
      ...(certificates?.needs ?? []),
    ];
    const seconds = `${readyWithin(service.graceSeconds, service.container.probes)}s`;
    const secrets = { ...credentials?.values, ...variables, ...foreign };
    const mark = Object.keys(secrets).length > 0 && { [checksumAnnotation]: checksum(secrets, checksumKey) };
    const workload = createWorkload(
      owner,
      service,
      mover,
      { ...mark, ...certificates?.marks },
      {
        parent: this,
        dependsOn,
        customTimeouts: { create: seconds, update: seconds },
      },
    );
    ready?.(service, workload);
    const { renewal } = service;
    const values = renewal && credentials?.generations[renewal.key];
    if (renewal && values)
      new Renewal(
        `${name}-renewal`,
        { owner, service, renewal, values, checksumKey },
        { parent: this, dependsOn: workload },
      );
  }

  private createDatabase(
    args: Omit<DatabaseArgs, "password">,
    credentials: Credentials,
    dependsOn: Dependencies,
  ): void {
    const { database } = args;
    const password = credentials.values[database.secretKey] ?? pulumi.output("");
    new Database(databaseName(database), { ...args, password }, { parent: this, dependsOn });
  }
}

/** A claim's `namespace/name` with its uid. */
const knownClaim = ({ metadata }: PersistentVolumeClaim) =>
  metadata.apply(({ namespace, name, uid }) => [`${namespace}/${name}`, uid] as const);

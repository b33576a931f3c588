import { Deployment } from "@pulumi/kubernetes/apps/v1";
import type { types } from "@pulumi/kubernetes";
import { ConfigMap, PersistentVolumeClaim, Service } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import * as pulumi from "@pulumi/pulumi";
import { backupsName } from "../model/backup";
import type { BackupsPlan, ServedRepository as Served } from "../model/backups";
import { labels, metadata, selector } from "../model/metadata";
import type { MoverPlan, Owner } from "../model/plan";
import { servedIdentity, servedName, servedPort } from "../model/served-repository";
import { repositoryServerPrograms } from "./mover-programs";
import { servedPolicy } from "./network";
import { containerSecurity, podDefaults, resources } from "./pod-defaults";
import { servedDigest } from "./served-password";
import { claimArgs } from "./workload";

export interface ServedRepositoryArgs {
  owner: Owner;
  backups: BackupsPlan & { served: Served };
  mover: MoverPlan;
  /** What has to be there before a claim is made. */
  claimsAfter: pulumi.Resource[];
}

const component = "backup-repository";
const directory = "/repository";

/** Serves a volume as the repository of all backups, to pods of any namespace and node, as one user. */
export class ServedRepository extends pulumi.ComponentResource {
  constructor(name: string, args: ServedRepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-storage:index:ServedRepository", name, {}, opts);
    const { owner, backups, mover, claimsAfter } = args;
    const { namespace, served } = backups;
    const child = { parent: this };
    const meta = metadata(owner, servedName, component, servedName, namespace);
    const kept = served.claim && { protect: served.claim.protect, retainOnDelete: served.claim.protect };
    const claims = served.claim
      ? [
          new PersistentVolumeClaim(
            `backups-${served.claim.name}`,
            claimArgs(owner, { name: backupsName, component }, served.claim),
            {
              parent: this,
              dependsOn: claimsAfter,
              ...kept,
            },
          ),
        ]
      : [];
    const programs = new ConfigMap(servedName, { metadata: meta, data: repositoryServerPrograms() }, child);
    const policy = new NetworkPolicy(servedName, { metadata: meta, spec: servedPolicy() }, child);
    // Pulumi waits for the Deployment, and that is what this is in front of.
    const skip = { ...meta.annotations, "pulumi.com/skipAwait": "true" };
    const ports = [{ name: "http", port: servedPort, targetPort: servedPort }];
    new Service(
      servedName,
      { metadata: { ...meta, annotations: skip }, spec: { selector: selector(servedName), ports } },
      child,
    );
    new Deployment(
      servedName,
      {
        metadata: meta,
        spec: {
          replicas: 1,
          // The new pod can't mount the volume before the old pod has released it.
          strategy: { type: "Recreate" },
          selector: { matchLabels: selector(servedName) },
          template: {
            metadata: { labels: labels(owner, servedName, component) },
            spec: servedRepositoryPod(backups, mover),
          },
        },
      },
      { parent: this, dependsOn: [...claims, programs, policy], customTimeouts: { create: "5m", update: "5m" } },
    );
    this.registerOutputs();
  }
}

/** The pod of that server. */
export function servedRepositoryPod(
  { repository, served }: BackupsPlan & { served: Served },
  mover: MoverPlan,
): types.input.core.v1.PodSpec {
  const env = {
    REPOSITORY_DIRECTORY: directory,
    REPOSITORY_PORT: String(servedPort),
    REPOSITORY_ACCEPTED: [repository.password, repository.formerPassword]
      .flatMap((password) => (password ? servedDigest(password.reveal()) : []))
      .join(","),
  };
  return {
    ...podDefaults(servedIdentity),
    containers: [
      {
        name: "repository",
        image: mover.image,
        imagePullPolicy: "IfNotPresent",
        command: ["node", "/programs/repository.mjs"],
        env: Object.entries(env).map(([name, value]) => ({ name, value })),
        ports: [{ name: "http", containerPort: servedPort }],
        readinessProbe: { httpGet: { path: "/ready", port: servedPort }, periodSeconds: 2, failureThreshold: 15 },
        resources: resources({ requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "256Mi" } }),
        securityContext: containerSecurity(true),
        volumeMounts: [
          { name: "programs", mountPath: "/programs", readOnly: true },
          { name: "repository", mountPath: directory },
        ],
      },
    ],
    volumes: [
      { name: "programs", configMap: { name: servedName } },
      { name: "repository", ...volumeOf(served) },
    ],
  };
}

const volumeOf = ({ nfs, claim }: Served): object =>
  nfs ? { nfs } : { persistentVolumeClaim: { claimName: claim?.name ?? "" } };

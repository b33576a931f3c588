import { backupName } from "../model/backup";
import type { BackupPlan } from "../model/backups";
import { cleanupName } from "../model/cleanup";
import type { PersistenceCheck } from "../model/container";
import { policyText } from "../model/retention";
import type { VolumePlan } from "../model/storage";
import type { ClusterPlan, ServicePlan, StoragePlan, WorkloadKind } from "../model/plan";

/** A volume. An `ephemeral` one has no claim; its `name` is the one that a claim would have. */
export interface VolumeOutput {
  name: string;
  generation: number;
  class: string;
  size: string;
  accessMode: string;
  backend: string;
  ephemeral: boolean;
}

/** A service in the stack's outputs, which people and the commands of ops read. It has no secrets. */
export interface ServiceOutput {
  namespace: string;
  kind: WorkloadKind;
  workload: string;
  run: boolean;
  claims: (VolumeOutput & { mount: string; volume: string; kept: VolumeOutput[] })[];
  image: string;
  standIn: boolean;
  address: string;
  check: PersistenceCheck;
  /** Services of the stack that it starts on. */
  needs: string[];
  /** The CronJob that removes old files; absent where there is none. */
  cleanup?: string;
  /** The CronJob that backs it up; absent where there is none. */
  backup?: {
    namespace: string;
    cronJob: string;
    schedule: string;
    repository: string;
    /** Which of its points stay; absent: all. */
    keep?: string;
  };
}

export interface StackOutputs {
  services: Record<string, ServiceOutput>;
  classes: Record<string, { backend: string; provisioner: string; reclaimPolicy: string; isDefault: boolean }>;
  /** `uid`: the cluster's identity, "" where it could not be read. */
  cluster: Pick<ClusterPlan, "context" | "identifier"> & { uid: string };
}

/** The stack's outputs. A claim's class is "" where it takes static volumes only. */
export function stackOutputs({ cluster, clusterUid, backends, services }: StoragePlan): StackOutputs {
  const classes = backends.flatMap((backend) => backend.classes);
  const fallback =
    backends.flatMap(({ classes, uses }) => [...classes, ...uses]).find(({ isDefault }) => isDefault)?.name ?? "";
  return {
    services: Object.fromEntries(services.map((service) => [service.name, serviceOutput(service, fallback)])),
    classes: Object.fromEntries(
      classes.map(({ name, backend, provisioner, reclaimPolicy, isDefault }) => [
        name,
        { backend, provisioner, reclaimPolicy, isDefault },
      ]),
    ),
    cluster: { context: cluster.context, identifier: cluster.identifier, uid: clusterUid ?? "" },
  };
}

function serviceOutput(service: ServicePlan, defaultClass: string): ServiceOutput {
  const { name, namespace, kind, run, container, standIn, address, check, needs, cleanup, backup } = service;
  const volume = ({
    name,
    generation,
    className,
    size,
    accessMode,
    backend = "",
    ephemeral,
  }: VolumePlan): VolumeOutput => {
    return {
      name,
      generation,
      class: ephemeral ? "" : (className ?? defaultClass),
      size,
      accessMode,
      backend,
      ephemeral,
    };
  };
  const claims = service.claims.map((claim) => ({
    ...volume(claim),
    mount: claim.mounts[0]?.path ?? "",
    volume: claim.volume,
    kept: claim.kept.map(volume),
  }));
  const job = run && cleanup ? { cleanup: cleanupName(name) } : {};
  return {
    namespace,
    kind,
    workload: name,
    run,
    claims,
    image: container.image,
    standIn,
    address,
    check,
    needs,
    ...job,
    ...(backup && { backup: backupOutput(backup) }),
  };
}

const backupOutput = ({ schedule, keep, task: { home, service, repository } }: BackupPlan) => ({
  namespace: home,
  cronJob: backupName(service),
  schedule,
  repository,
  ...(keep && { keep: policyText(keep) }),
});

import { backupName } from "../model/backup";
import { careName } from "../model/care";
import type { BackupsPlan } from "../model/backups";
import { metricsName, type MetricsPlan } from "../model/metrics";
import { cleanupName } from "../model/cleanup";
import { copyAmounts } from "../model/copy-amounts";
import { labels } from "../model/metadata";
import type { CleanupPlan, DatabasePlan, Owner, RenewalPlan, ServicePlan, StoragePlan } from "../model/plan";
import type { PlannedPod, PlannedPodSpec } from "../model/planned-pod";
import { servedName } from "../model/served-repository";
import { backupPod } from "./backup-pod";
import { carePod } from "./care";
import { metricsPod } from "./metrics";
import { cleanupPod } from "./cleanup-pod";
import { databaseName, databasePod } from "./database-pod";
import { movePod } from "./move-job";
import { renewalPod } from "./renewal-pod";
import { servedRepositoryPod } from "./served-repository";
import { moveName } from "./spill";
import { templatesOf, workloadArgs } from "./workload";

/** Each pod that the plan's services need: their own ones, and those of the jobs around them. It creates nothing. */
export function plannedPods({
  owner,
  mover,
  services,
  backups,
}: Pick<StoragePlan, "owner" | "mover" | "services" | "backups">): PlannedPod[] {
  const ofServices = services.flatMap((service) => {
    const { run, database, cleanup, renewal, backup } = service;
    return [
      ...(run ? [ownPod(owner, service, mover)] : []),
      ...(run && database ? [ofDatabase(owner, service, database)] : []),
      ...(run && cleanup ? [ofCleanup(owner, service, cleanup, mover.image)] : []),
      ...(run && renewal ? [ofRenewal(owner, service, renewal)] : []),
      ...(backups && backup ? [ofBackup(owner, service, backupPod(service, backup, backups, mover))] : []),
      ...ofMoves(owner, service, mover),
    ];
  });
  if (!backups) return ofServices;
  const { served } = backups;
  const around = served ? [ofRepository(owner, { ...backups, served }, mover)] : [];
  const watched = backups.metrics ? [ofMetrics(owner, backups.namespace, backups.metrics, mover)] : [];
  return [...ofServices, ofCare(owner, backups, mover), ...watched, ...around];
}

const ofRepository = (
  owner: Owner,
  backups: Parameters<typeof servedRepositoryPod>[0],
  mover: StoragePlan["mover"],
): PlannedPod => ({
  what: "the pod that serves the backups' repository",
  namespace: backups.namespace,
  labels: labels(owner, servedName, "backup-repository"),
  spec: servedRepositoryPod(backups, mover) as PlannedPodSpec,
});

function ownPod(owner: Owner, service: ServicePlan, mover: StoragePlan["mover"]): PlannedPod {
  const { kind, name, namespace } = service;
  const args = workloadArgs(owner, mover, service);
  const { metadata = {}, spec } = args.spec.template as { metadata?: PlannedPod["madeBy"] & object; spec: object };
  const { labels: own = {}, annotations } = metadata as { labels?: Record<string, string>; annotations?: object };
  return {
    what: `the pod of ${name}`,
    service: name,
    namespace,
    labels: own,
    ...(annotations && { annotations: annotations as Record<string, string> }),
    spec: withTemplates(service, spec as PlannedPodSpec & { volumes?: object[] }),
    madeBy: {
      path: `/apis/apps/v1/namespaces/${namespace}/${kind.toLowerCase()}s`,
      manifest: { apiVersion: "apps/v1", kind, ...args },
    },
  };
}

/** A StatefulSet's controller adds the volumes of its claim templates to each pod. */
function withTemplates(service: ServicePlan, spec: PlannedPodSpec & { volumes?: object[] }): PlannedPodSpec {
  const added = templatesOf(service).map(({ volume, name }) => ({
    name: volume,
    persistentVolumeClaim: { claimName: name },
  }));
  return { ...spec, volumes: [...(spec.volumes ?? []), ...added] } as PlannedPodSpec;
}

const ofDatabase = (owner: Owner, { name }: ServicePlan, database: DatabasePlan): PlannedPod => ({
  what: `the pod that makes the database of ${name}`,
  namespace: database.namespace,
  labels: labels(owner, databaseName(database), "database-setup"),
  spec: databasePod(database) as PlannedPodSpec,
});

const ofCleanup = (owner: Owner, service: ServicePlan, cleanup: CleanupPlan, image: string): PlannedPod => ({
  what: `the pod of the clean-up of ${service.name}`,
  namespace: service.namespace,
  labels: labels(owner, cleanupName(service.name), "cleanup"),
  spec: cleanupPod(service, cleanup, image, "") as PlannedPodSpec,
});

const ofBackup = (owner: Owner, { name, backup }: ServicePlan, spec: object): PlannedPod => ({
  what: `the pod of the backup of ${name}`,
  namespace: backup?.task.home ?? "",
  labels: labels(owner, backupName(name), "backup"),
  spec: spec as PlannedPodSpec,
});

const ofCare = (owner: Owner, backups: BackupsPlan, mover: StoragePlan["mover"]): PlannedPod => ({
  what: "the pod of the care of the backups' repository",
  namespace: backups.namespace,
  labels: labels(owner, careName, "backup"),
  spec: carePod(backups, mover) as PlannedPodSpec,
});

const ofMetrics = (owner: Owner, namespace: string, metrics: MetricsPlan, mover: StoragePlan["mover"]): PlannedPod => ({
  what: "the pod that serves the backups' metrics",
  namespace,
  labels: labels(owner, metricsName, "backup-metrics"),
  spec: metricsPod(metrics, mover) as PlannedPodSpec,
});

const ofRenewal = (owner: Owner, service: ServicePlan, renewal: RenewalPlan): PlannedPod => ({
  what: `the pod that renews the password of ${service.name}`,
  namespace: service.namespace,
  labels: labels(owner, `${service.name}-renewal`, "password-renewal"),
  spec: renewalPod(`${service.name}-renewal`, service, renewal, service.rotation) as PlannedPodSpec,
});

/** A move's own pod, and the one that it makes to copy: of the same form, but larger. */
function ofMoves(owner: Owner, service: ServicePlan, mover: StoragePlan["mover"]): PlannedPod[] {
  const app = moveName(service);
  return service.claims.flatMap((claim) => {
    if (!claim.move) return [];
    const spec = movePod({ owner, service, mover, claim, app }, claim.move) as PlannedPodSpec;
    const pod = { namespace: service.namespace, labels: labels(owner, app, "move") };
    const containers = spec.containers.map((container) => ({ ...container, name: "copy", resources: copyAmounts }));
    return [
      { ...pod, what: `the pod of the move of ${claim.name}`, spec },
      {
        ...pod,
        what: `the pod that copies ${claim.name}`,
        spec: { ...spec, containers, serviceAccountName: undefined },
      },
    ];
  });
}

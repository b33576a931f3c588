import type { V1PersistentVolumeClaim, V1PodTemplateSpec } from "@kubernetes/client-node";
import { errorCode, ifFound, type Kube } from "../../kube/client";
import { execInPod } from "../../kube/exec";
import type { BackupTask, BackupVolume } from "../../model/backup";
import type { RestoreTask } from "../../model/restore";
import { readCronJob } from "../backup/job";
import type { BackedUpService } from "../backup/decide";
import type { PointRef } from "./judge";
import { drillLabel, drillMetadata, type Ground } from "./names";
import { claimLike, serviceLike, sizeOf } from "./objects";
import { awaitRestored, awaitStarted, makePod, removePod } from "./pods";
import { keysContainer, restoringName, restoringPod } from "./restore-pod";
import { copiedPod, podName, referencesOf, type Copied } from "./service-pod";
import { keepNot } from "./volumes";

/** What of a service its copies are made of, as the cluster has it. */
export interface Original {
  service: BackedUpService;
  task: BackupTask;
  cronJob: Awaited<ReturnType<typeof readCronJob>>;
  template: V1PodTemplateSpec;
  templates: Copied["templates"];
  claims: { volume: BackupVolume; claim: V1PersistentVolumeClaim }[];
}

/** Reads what a service's copies are made of. Throws where the cluster doesn't have all of it. */
export async function readOriginal(kube: Kube, service: BackedUpService): Promise<Original> {
  const [, { namespace, backup }] = service;
  const cronJob = await readCronJob(kube, backup);
  const env = cronJob.spec?.jobTemplate.spec?.template.spec?.containers[0]?.env ?? [];
  const task = JSON.parse(env.find((variable) => variable.name === "BACKUP")?.value ?? "null") as BackupTask | null;
  if (!task) throw new Error(`the CronJob ${backup.namespace}/${backup.cronJob} doesn't say what it backs up`);
  const { template, templates } = await readTemplate(kube, task);
  const claims = await Promise.all(
    task.volumes.map(async (volume) => {
      const { claim } = volume;
      if (claim === undefined) return { volume, claim: claimOfDirectory(volume.volume, template) };
      return { volume, claim: await kube.core.readNamespacedPersistentVolumeClaim({ name: claim, namespace }) };
    }),
  );
  return { service, task, cronJob, template, templates, claims };
}

/** What a directory of the pod is in a drill: a claim, because it is restored before the pod starts. */
function claimOfDirectory(volume: string, { spec }: V1PodTemplateSpec): V1PersistentVolumeClaim {
  const storage = spec?.volumes?.find(({ name }) => name === volume)?.emptyDir?.sizeLimit ?? "1Gi";
  return { metadata: { name: volume }, spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } } } };
}

async function readTemplate({ apps }: Kube, { workload, namespace }: BackupTask) {
  const at = { name: workload.name, namespace };
  if (workload.kind === "Deployment") {
    const { spec } = await apps.readNamespacedDeployment(at);
    return { template: spec!.template, templates: [] };
  }
  const { spec } = await apps.readNamespacedStatefulSet(at);
  const templates = (spec?.volumeClaimTemplates ?? []).map(({ metadata }) => ({
    volume: metadata?.name ?? "",
    claim: `${metadata?.name}-${workload.name}-0`,
  }));
  return { template: spec!.template, templates };
}

/** One side's namespace, and what is in it. */
export interface Copies {
  ground: Ground;
  /** Classes whose volumes are made on request. */
  classes: ReadonlySet<string>;
  /** Addresses of the copies that run, by the names under which the stack's services find them. */
  hosts: Map<string, string>;
  signal: AbortSignal;
}

/** Restores a point of a service to claims of the drill's namespace, with its keys. */
export async function restoreCopy(
  kube: Kube,
  copies: Copies,
  { service, task, cronJob, templates, claims }: Original,
  point: PointRef,
) {
  const { ground, classes, signal } = copies;
  const { namespace } = ground;
  const [name] = service;
  for (const { claim } of claims)
    await kube.core.createNamespacedPersistentVolumeClaim({ namespace, body: claimLike(ground, claim, classes) });
  const tasks = claims.map(({ volume, claim }): RestoreTask => ({
    point: point.id,
    of: `${task.owner}/${name}`,
    repository: task.repository,
    volume: plainName(volume, templates),
    target: "",
    targetName: claim.metadata?.name ?? "",
    size: sizeOf(claim),
    resume: false,
    service: name,
    namespace,
  }));
  const pod = await makePod(kube, restoringPod(ground, { service: name, cronJob, tasks }));
  await awaitRestored(kube, pod, signal);
  for (const { claim } of claims) await keepNot(kube, ground, claim.metadata?.name ?? "");
  if (task.keys !== undefined) await makeKeys(kube, ground, task.keys, pod.metadata?.name ?? "");
  await removePod(kube, pod);
}

/** A volume's name in its first generation, by which a point of any generation has it. */
function plainName({ volume, generation }: BackupVolume, templates: Original["templates"]): string {
  const suffix = `-${generation}`;
  const numbered = generation > 1 && templates.some((each) => each.volume === volume) && volume.endsWith(suffix);
  return numbered ? volume.slice(0, -suffix.length) : volume;
}

/** Makes the Secret of the service's own name, with what the point has of it. */
async function makeKeys(kube: Kube, ground: Ground, secret: string, pod: string): Promise<void> {
  const command = ["node", "/programs/restore.mjs", "keys"];
  const { stdout, stderr, exitCode } = await execInPod(kube, ground.namespace, pod, keysContainer, command);
  if (exitCode !== 0) throw new Error(`the point's keys can't be read: ${stderr.trim()}`);
  const data = JSON.parse(stdout) as Record<string, string>;
  const body = { metadata: drillMetadata(ground, secret), data };
  await kube.core.createNamespacedSecret({ namespace: ground.namespace, body });
}

/** Starts the service on what was restored. Returns its pod once that is ready. */
export async function startCopy(kube: Kube, copies: Copies, original: Original) {
  const { ground, hosts, signal } = copies;
  const { task, template, templates, claims } = original;
  await copyReferences(kube, ground, original);
  const names = claims.map(({ claim }) => claim.metadata?.name ?? "");
  const directories = task.volumes.filter(({ claim }) => claim === undefined).map(({ volume }) => volume);
  const pod = await makePod(
    kube,
    copiedPod(ground, { ...task, template, templates, claims: names, directories, hosts }),
  );
  return awaitStarted(kube, pod, signal);
}

/** What the service's pod needs beside its volumes and its keys: as the service's namespace has it. */
async function copyReferences({ core }: Kube, ground: Ground, { task, template }: Original): Promise<void> {
  const { secrets, configMaps } = referencesOf(template.spec);
  const { namespace } = ground;
  const of = { namespace: task.namespace };
  for (const name of secrets.filter((each) => each !== task.keys)) {
    const found = await ifFound(core.readNamespacedSecret({ ...of, name }));
    const body = { metadata: drillMetadata(ground, name), data: found?.data, type: found?.type };
    if (found) await unlessThere(core.createNamespacedSecret({ namespace, body }));
  }
  for (const name of configMaps) {
    const found = await ifFound(core.readNamespacedConfigMap({ ...of, name }));
    const body = { metadata: drillMetadata(ground, name), data: found?.data, binaryData: found?.binaryData };
    if (found) await unlessThere(core.createNamespacedConfigMap({ namespace, body }));
  }
  const account = template.spec?.serviceAccountName;
  if (account !== undefined && account !== "default") {
    const body = { metadata: drillMetadata(ground, account), automountServiceAccountToken: false };
    await unlessThere(core.createNamespacedServiceAccount({ namespace, body }));
  }
}

/** Makes the Service under whose name others find the copy, and says where that is. */
export async function announceCopy({ core }: Kube, { ground, hosts }: Copies, { task }: Original): Promise<void> {
  const found = await ifFound(core.readNamespacedService({ name: task.service, namespace: task.namespace }));
  if (!found) return;
  const made = await core.createNamespacedService({ namespace: ground.namespace, body: serviceLike(ground, found) });
  hosts.set(`${task.service}.${task.namespace}.svc.cluster.local`, made.spec?.clusterIP ?? "");
}

/** Removes what a copy takes up: its pod, and its claims with their volumes. */
export async function removeCopy(kube: Kube, { ground }: Copies, { claims, task }: Original): Promise<void> {
  const { namespace, run } = ground;
  const { items } = await kube.core.listNamespacedPod({ namespace, labelSelector: `${drillLabel}=${run}` });
  const names = [podName(task.workload), restoringName(task.service)];
  for (const pod of items) if (names.includes(pod.metadata?.name ?? "")) await removePod(kube, pod);
  for (const { claim } of claims)
    await ifFound(kube.core.deleteNamespacedPersistentVolumeClaim({ name: claim.metadata?.name ?? "", namespace }));
}

/** Two services may ask for the same. */
async function unlessThere(made: Promise<unknown>): Promise<void> {
  await made.catch((error: unknown) => {
    if (errorCode(error) !== 409) throw error;
  });
}

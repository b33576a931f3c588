import type { V1Job, V1ObjectMeta, V1Pod, V1Secret } from "@kubernetes/client-node";
import { jobOf } from "../../kube/backup-job";
import type { Kube } from "../../kube/client";
import { careName, passwordsPath, type CareAct } from "../../model/care";
import { readCronJob, runWithNeeds } from "../backup/job";
import { NotYet, waitFor } from "../terminal/wait";

/** The two passwords of a rotation. */
export interface Passwords {
  next: string;
  former: string;
}

/**
 * Lets the job that cares for the repository do one end of a rotation, and waits for it. The passwords are in a Secret
 * that belongs to the job and goes with it. Returns why it failed; undefined where it went well.
 */
export async function runWithPasswords(
  kube: Kube,
  namespace: string,
  act: CareAct,
  { next, former }: Passwords,
  say: (line: string) => void,
): Promise<string | undefined> {
  const cronJob = await readCronJob(kube, { namespace, cronJob: careName });
  const job = jobWithPasswords(jobOf(cronJob, { act }));
  const { name = "" } = job.metadata as V1ObjectMeta;
  const secret = (uid: string): V1Secret => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace, ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name, uid }] },
    stringData: { next, former },
  });
  return runWithNeeds(kube, job, (uid) => [secret(uid)], say);
}

/** Pure; exported for its test. The job waits for the Secret of its own name. */
export function jobWithPasswords(job: V1Job & { metadata: object }): V1Job & { metadata: object } {
  const { generateName = "", ...metadata } = job.metadata as { generateName?: string };
  const name = `${generateName}${Date.now().toString(36)}`;
  const changed = structuredClone(job);
  const pod = changed.spec?.template.spec;
  const [container] = pod?.containers ?? [];
  if (!changed.spec || !pod || !container) throw new Error("the CronJob of the repository's care has no pod");
  changed.spec.suspend = true;
  container.volumeMounts = [
    ...(container.volumeMounts ?? []),
    { name: "passwords", mountPath: passwordsPath, readOnly: true },
  ];
  pod.volumes = [...(pod.volumes ?? []), { name: "passwords", secret: { secretName: name, defaultMode: 0o440 } }];
  return { ...changed, metadata: { ...metadata, name } };
}

/**
 * Waits until every pod has ended that is there now and opens the repository: it may have the old password, and run
 * restic with it once more.
 */
export async function awaitEarlierPods(kube: Kube, say: (line: string) => void): Promise<void> {
  const open = async () => (await kube.core.listPodForAllNamespaces()).items.filter(mayOpen);
  const earlier = new Set((await open()).map(({ metadata }) => metadata?.uid));
  let told = "";
  await waitFor(
    async () => {
      const pod = (await open()).find(({ metadata }) => earlier.has(metadata?.uid));
      if (!pod) return;
      const name = `${pod.metadata?.namespace}/${pod.metadata?.name}`;
      if (told !== name) say(`waiting for pod ${name}, which may have the old password`);
      told = name;
      throw new NotYet(`pod ${name} has not ended`);
    },
    { patience: 24 * 3600_000, every: 1000 },
  );
}

/** Pure; exported for its test. Whether a pod has what opens the repository, and has not ended. */
export const mayOpen = ({ spec, status }: V1Pod): boolean =>
  !["Succeeded", "Failed"].includes(status?.phase ?? "") &&
  (spec?.volumes?.some(({ name, secret }) => name === "repository" && secret !== undefined) ?? false);

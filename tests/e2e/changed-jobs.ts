import type { V1CronJob, V1CronJobSpec } from "@kubernetes/client-node";
import type { Kube } from "../../kube/client";

/** Does `work` while a CronJob of the backups is as `change` makes it. */
export async function withCronJob<T>(
  { objects }: Pick<Kube, "objects">,
  name: string,
  change: (spec: V1CronJobSpec) => void,
  work: () => Promise<T>,
): Promise<T> {
  const metadata = { name, namespace: "local-ai-backups" };
  const put = async (change: (job: V1CronJob) => void) => {
    const job = (await objects.read({ apiVersion: "batch/v1", kind: "CronJob", metadata })) as V1CronJob;
    const was = structuredClone(job.spec);
    change(job);
    await objects.replace(job);
    return was;
  };
  const was = await put(({ spec }) => change(spec!));
  try {
    return await work();
  } finally {
    await put((job) => (job.spec = was));
  }
}

/** Does `work` while the jobs of the backups have another password of the repository. */
export async function withPassword(
  { core, objects }: Pick<Kube, "core" | "objects">,
  wrong: string,
  work: () => Promise<void>,
): Promise<void> {
  const metadata = { name: "backups", namespace: "local-ai-backups" };
  const { data = {} } = await core.readNamespacedSecret(metadata);
  const set = (password: string) =>
    objects.patch({ apiVersion: "v1", kind: "Secret", metadata, ...{ data: { ...data, password } } });
  await set(Buffer.from(wrong).toString("base64"));
  try {
    await work();
  } finally {
    await set(data.password!);
  }
}

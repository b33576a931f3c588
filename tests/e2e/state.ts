import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { errorCode, type Kube } from "../../kube/client";
import { waitForReadyPod } from "../../kube/pods";
import { readOutputs } from "../../ops/pulumi/stack";
import { runSteps, type CheckRecord } from "../../ops/verify/steps";
import { forgetStack, type Cluster } from "./fixture";
import { stackObjects } from "./objects";

/** The state file as it is on disk. */
export async function stateText({ target: { stack } }: Cluster): Promise<string> {
  return readFile(join(stack.backend!, ".pulumi", "stacks", stack.project, `${stack.name}.json`), "utf8");
}

/** Waits until `holds` gives something true, at most `seconds`. */
export async function until<T>(what: string, holds: () => Promise<T | false | undefined>, seconds = 120): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const result = await holds();
    if (result) return result;
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await delay(300);
  }
}

/** Writes one record to every service through its own interface. */
export async function writeRecords(cluster: Cluster, record: CheckRecord): Promise<void> {
  await eachService(cluster, async (_name, service, pod) => {
    await runSteps(cluster.kube, service, pod, service.check.write, record);
  });
}

/** What every service answers when asked for the record, by name: the value, where it still has it. */
export async function readRecords(cluster: Cluster, record: CheckRecord): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  await eachService(cluster, async (name, service, pod) => {
    const answer = await runSteps(cluster.kube, service, pod, service.check.read, record);
    found[name] = answer.includes(record.value) ? record.value : answer;
  });
  return found;
}

type Service = Awaited<ReturnType<typeof readOutputs>>["services"][string];

async function eachService(
  cluster: Cluster,
  work: (name: string, service: Service, pod: Awaited<ReturnType<typeof waitForReadyPod>>) => Promise<void>,
): Promise<void> {
  const { services } = await readOutputs(cluster.target.stack);
  for (const [name, service] of Object.entries(services))
    await work(name, service, await waitForReadyPod(cluster.kube, service, 180_000));
}

/**
 * Takes away what the stack has in the cluster, past Pulumi, and its state: the next update begins from nothing. The
 * pods of all namespaces but `beside` go too.
 */
export async function removeStack({ target: { stack }, kube, volumes }: Cluster, beside?: string): Promise<void> {
  forgetStack();
  await rm(join(stack.backend!, ".pulumi"), { recursive: true, force: true });
  const pods = (await kube.core.listPodForAllNamespaces()).items.filter(
    ({ metadata }) => metadata?.namespace !== beside,
  );
  const gone = [...(await stackObjects(kube)).values()].filter(
    ({ metadata, kind }) => kind === "Namespace" || !metadata?.namespace,
  );
  await Promise.all(gone.map((object) => ignoreMissing(kube.objects.delete(object))));
  await Promise.all(
    pods.map(({ metadata }) =>
      ignoreMissing(
        kube.core.deleteNamespacedPod({
          name: metadata!.name!,
          namespace: metadata!.namespace!,
          gracePeriodSeconds: 1,
        }),
      ),
    ),
  );
  await until("the stack's objects are gone", async () => (await stackObjects(kube)).size === 0);
  await removeVolumes(kube);
  for (const name of await readdir(volumes).catch(() => [])) await rm(join(volumes, name), { recursive: true });
}

/** Without their provisioner nobody else would. */
async function removeVolumes(kube: Kube): Promise<void> {
  const volumes = (await kube.core.listPersistentVolume()).items;
  await Promise.all(
    volumes.map(({ metadata }) => ignoreMissing(kube.core.deletePersistentVolume({ name: metadata!.name! }))),
  );
  await until("the volumes are gone", async () => (await kube.core.listPersistentVolume()).items.length === 0);
}

async function ignoreMissing(request: Promise<unknown>): Promise<void> {
  await request.catch((error) => {
    if (errorCode(error) !== 404) throw error;
  });
}

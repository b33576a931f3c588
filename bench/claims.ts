import type { Progress } from "../local-cluster/progress";
import type { Manifest } from "../tests/manifests/checkers";
import { objectsOf, planOf } from "../tests/manifests/objects";
import { apply, cleanUp, withCluster, type BenchCluster } from "./cluster";
import { measurePairs, seconds } from "./measure";
import { ratioResult, type Result } from "./result";
import { stackName } from "./stack";

/** The time that our settings may take, as a share of the stock settings' time. */
const bound = 0.7;
const rounds = 3;
const claims = 30;
const namespace = "bench-claims";

/**
 * Creates thirty claims at once and measures the time from `apply` until all of their pods run. It compares our
 * settings of the provisioner with the provisioner's own defaults.
 */
export async function measureClaims(progress: Progress): Promise<Result[]> {
  return withCluster(progress, async (cluster) => {
    const { ours, stock, image, className } = await provisioners(cluster.config);
    await cleanUp(cluster, ours);
    const measured = (objects: Manifest[]) => async () => {
      await settle(cluster, objects);
      return claimAll(cluster, image, className);
    };
    const pairs = await progress.step(`${claims} claims at once`, () =>
      measurePairs({ rounds, ours: measured(ours), other: measured(stock), note: progress.info }),
    );
    return [ratioResult(`${claims} claims to running pods`, pairs, bound)];
  });
}

/** The objects that the component installs, and the same objects without our settings of workers and client rates. */
async function provisioners(
  config: Record<string, unknown>,
): Promise<{ ours: Manifest[]; stock: Manifest[]; image: string; className: string }> {
  const plan = planOf(stackName, { ...config, "cluster-storage:services": {} });
  const ours = await objectsOf(plan);
  return {
    ours,
    stock: ours.map(withoutSettings),
    image: String(plan.backends[0]!.install?.shown?.helperImage),
    className: plan.backends[0]!.classes[0]!.name,
  };
}

const settings = ["--worker-threads", "--kube-client-qps", "--kube-client-burst"];

function withoutSettings(object: Manifest): Manifest {
  if (object.kind !== "Deployment") return object;
  const copy = structuredClone(object) as Manifest & {
    spec: { template: { spec: { containers: { args: string[] }[] } } };
  };
  for (const container of copy.spec.template.spec.containers) {
    container.args = container.args.filter(
      (arg, i, all) => !settings.includes(arg) && !settings.includes(all[i - 1] ?? ""),
    );
  }
  return copy;
}

/** Puts these settings in force: the provisioner then runs with them, and nothing of another round is left. */
async function settle(cluster: BenchCluster, objects: Manifest[]): Promise<void> {
  await apply(cluster, objects);
  const { metadata } = objects.find(({ kind }) => kind === "Deployment")!;
  await cluster.kubectl([
    "rollout",
    "status",
    `deployment/${metadata.name}`,
    "-n",
    metadata.namespace!,
    "--timeout=5m",
  ]);
}

async function claimAll({ kubectl }: BenchCluster, image: string, className: string): Promise<number> {
  const numbers = Array.from({ length: claims }, (_, i) => i);
  const objects = numbers.flatMap((i) => [claim(`c${i}`, className), pod(`c${i}`, image)]);
  await kubectl(["create", "namespace", namespace]);
  const taken = await seconds(async () => {
    await kubectl(["apply", "-f", "-"], objects.map((object) => JSON.stringify(object)).join("\n---\n"));
    await kubectl(["wait", "--for=condition=Ready", "pod", "--all", "-n", namespace, "--timeout=15m"]);
  });
  await kubectl(["delete", "namespace", namespace, "--timeout=15m"]);
  while ((await kubectl(["get", "persistentvolumes", "-o", "name"])).trim() !== "")
    await new Promise((resolve) => setTimeout(resolve, 500));
  return taken;
}

function claim(name: string, storageClassName: string): object {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace },
    spec: { accessModes: ["ReadWriteOnce"], storageClassName, resources: { requests: { storage: "1Mi" } } },
  };
}

function pod(name: string, image: string): object {
  const container = {
    name: "main",
    image,
    imagePullPolicy: "IfNotPresent",
    command: ["sh", "-c", "sleep 100000"],
    volumeMounts: [{ name: "data", mountPath: "/data" }],
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [container],
      volumes: [{ name: "data", persistentVolumeClaim: { claimName: name } }],
    },
  };
}

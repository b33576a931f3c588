import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Progress } from "../local-cluster/progress";
import { checkout } from "../ops/pulumi/project";
import { parallel } from "../ops/pulumi/stack";
import type { Manifest } from "../tests/manifests/checkers";
import { objectsOf, planOf } from "../tests/manifests/objects";
import { apply, cleanUp, withCluster, type BenchCluster } from "./cluster";
import { measurePairs, seconds } from "./measure";
import { ratioResult, type Result } from "./result";
import { makeStack, runProgram, stackName } from "./stack";

/** The time that our first `up` may take, as a multiple of the time of `kubectl apply` and waiting. */
const bound = 1.25;
const rounds = 3;

/**
 * Compares the dev stack's first `pulumi up` with `kubectl apply` of the same objects and waiting for them. Both start
 * with nothing and end when everything is Ready.
 */
export async function measureFirstUp(progress: Progress): Promise<Result[]> {
  const scratch = await mkdtemp(join(tmpdir(), "cluster-storage-bench-"));
  try {
    return await withCluster(progress, async (cluster) => {
      const objects = await objectsOf(planOf(stackName, cluster.config), (_name, length) =>
        randomBytes(length).toString("hex").slice(0, length),
      );
      await cleanUp(cluster, objects);
      let run = 0;
      const ours = async () => {
        const directory = join(scratch, String(run++));
        const stack = await makeStack({
          program: checkout,
          directory,
          kubeconfig: cluster.kubeconfig,
          config: cluster.config,
        });
        return thenClean(cluster, objects, () => runProgram(stack, "up", "--yes", "--skip-preview", ...parallel));
      };
      const other = () =>
        thenClean(cluster, objects, async () => {
          await apply(cluster, objects);
          await waitUntilReady(cluster, objects);
        });
      const pairs = await progress.step("first up against kubectl apply", () =>
        measurePairs({ rounds, ours, other, note: progress.info }),
      );
      return [ratioResult("first up of the dev stack", pairs, bound)];
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function thenClean(cluster: BenchCluster, objects: Manifest[], work: () => Promise<unknown>): Promise<number> {
  const taken = await seconds(work);
  await cleanUp(cluster, objects);
  return taken;
}

/** Waits for the same as `pulumi up`: workloads are rolled out and jobs are complete. */
async function waitUntilReady({ kubectl }: BenchCluster, objects: Manifest[]): Promise<void> {
  const waits = objects.flatMap(({ kind, metadata: { namespace, name } }) => {
    if (kind === "Deployment" || kind === "StatefulSet")
      return [["rollout", "status", `${kind}/${name}`, "-n", namespace!, "--timeout=10m"]];
    return kind === "Job"
      ? [["wait", "--for=condition=Complete", `job/${name}`, "-n", namespace!, "--timeout=10m"]]
      : [];
  });
  await Promise.all(waits.map((args) => kubectl(args)));
}

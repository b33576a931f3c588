import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { parse, stringify } from "yaml";
import { execInPod } from "../../kube/exec";
import { waitForReadyPod, type WorkloadRef } from "../../kube/pods";
import { encryptionSalt, overrideConfig } from "../../ops/pulumi/overrides";
import { readStackConfig } from "../../ops/pulumi/project";
import { pulumi } from "../../ops/pulumi/stack";
import { address, BackupTarget, password, pruneAddress } from "./backup-target";
import { useCluster } from "./fixture";
import { OwnStackFile } from "./own-stack-file";
import { removeStack } from "./state";

export const redis: WorkloadRef = { namespace: "local-ai-system", kind: "Deployment", workload: "redis" };
const postgres: WorkloadRef = { namespace: "local-ai-data", kind: "StatefulSet", workload: "postgres" };

const inCluster = { rest: { url: address, prune: { url: pruneAddress } } };

/**
 * Redis and PostgreSQL with backups to a server in the cluster, by a stack file of the test's own. `more`: other
 * services of the file, with their entries.
 */
export function useBackedUp(more: Record<string, object> = {}, repository: object = inCluster) {
  const cluster = useCluster();
  const made = { file: undefined as OwnStackFile | undefined, target: undefined as BackupTarget | undefined };
  const run = async (of: WorkloadRef, container: string, command: string[]) => {
    const { kube } = cluster();
    const pod = await waitForReadyPod(kube, of, 120_000);
    return (await execInPod(kube, of.namespace, pod.metadata!.name!, container, command)).stdout.trim();
  };

  before("Redis and PostgreSQL, a server for their backups, and a stack file that names it", async function () {
    this.timeout(900_000);
    await removeStack(cluster());
    const whole = parse(await readStackConfig("dev")) as { config: Record<string, Record<string, unknown>> };
    whole.config["cluster-storage:services"] = {
      redis: { size: "1Gi" },
      postgres: { size: "1Gi" },
      ...more,
    };
    const file = (made.file = await OwnStackFile.write(stringify(whole)));
    await file.deploy();
    const salt = encryptionSalt(await readFile(cluster().target.stack.configFile!, "utf8"));
    whole.config["cluster-storage:backups"] = { keep: { daily: "14d" }, repository };
    await file.write(overrideConfig(stringify(whole), {}, salt));
    const place = "cluster-storage:backups.repository.password";
    const set = ["config", "set", "--secret", "--path", place, "--config-file", file.path];
    await pulumi(cluster().target.stack, set, { input: password });
    const overrides = await file.deploy();
    if (!("rest" in repository)) return;
    const { image: restic } = overrides["cluster-storage:backups"] as { image: string };
    const images = cluster().overrides["cluster-storage:services"] as Record<string, { image: { ref: string } }>;
    made.target = new BackupTarget(cluster(), { rclone: images.taskflow!.image.ref, restic });
    await made.target.start();
  });
  after(async function () {
    this.timeout(300_000);
    await made.target?.remove();
    await made.file?.remove();
    await removeStack(cluster());
  });

  return {
    cluster,
    file: () => made.file!,
    target: () => made.target!,
    /** Makes the repository, and a point of each service. */
    backUp: async () => {
      for (const args of [["--init"], []]) {
        const { exitCode, printed } = await made.file!.run("backup", ...args);
        assert.equal(exitCode, 0, printed);
      }
    },
    inRedis: (...words: string[]) => run(redis, "redis", ["redis-cli", ...words]),
    redisShell: (script: string) => run(redis, "redis", ["sh", "-c", script]),
    inPostgres: (statement: string) => run(postgres, "postgres", ["psql", "-X", "-U", "postgres", "-Atc", statement]),
  };
}

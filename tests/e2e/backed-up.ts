import assert from "node:assert/strict";
import { execInPod } from "../../kube/exec";
import { waitForReadyPod, type WorkloadRef } from "../../kube/pods";
import { BackedUpStack, inCluster } from "./backed-up-stack";
import { clearGround, leaveGround, progress, useCluster } from "./fixture";

export const redis: WorkloadRef = { namespace: "local-ai-system", kind: "Deployment", workload: "redis" };
const postgres: WorkloadRef = { namespace: "local-ai-data", kind: "StatefulSet", workload: "postgres" };

/** What the file before has left. */
let shared: BackedUpStack | undefined;

/**
 * Redis and PostgreSQL with backups to a server in the cluster, by a stack file of the test's own. Files that use it
 * one after the other have one stack: without data, with an empty repository, and on the volumes that the file before
 * ended with. `more`: other services of the file, with their entries.
 */
export function useBackedUp(more: Record<string, { size: string }> = {}, repository: object = inCluster) {
  const cluster = useCluster({ shares: true });
  const run = async (of: WorkloadRef, container: string, command: string[]) => {
    const { kube } = cluster();
    const pod = await waitForReadyPod(kube, of, 120_000);
    return (await execInPod(kube, of.namespace, pod.metadata!.name!, container, command)).stdout.trim();
  };
  const inRedis = (...words: string[]) => run(redis, "redis", ["redis-cli", ...words]);
  const inPostgres = (statement: string) =>
    run(postgres, "postgres", ["psql", "-X", "-U", "postgres", "-Atc", statement]);

  /** What the file before has left is no subject of a test: where nobody can go on with it, another stack is made. */
  const goesOn = async (stack: BackedUpStack) => {
    try {
      await stack.renew(more, repository);
      await Promise.all([inRedis("flushall"), inPostgres("drop table if exists numbers")]);
      return true;
    } catch (error) {
      progress.info(`the stack of the file before is given up: ${(error as Error).message}`);
      return false;
    }
  };

  before("Redis and PostgreSQL, a server for their backups, and a stack file that names it", async function () {
    this.timeout(900_000);
    if (shared?.canGoOn && (await goesOn(shared))) return;
    await clearGround();
    const made = await BackedUpStack.begin(cluster(), more);
    leaveGround(async () => {
      shared = undefined;
      await made.remove();
    });
    await made.setUp(repository);
    shared = made;
  });
  after("what a test has broken isn't left to the next file", async function () {
    this.timeout(300_000);
    const states = this.test!.parent!.tests.map(({ state }) => state);
    if (states.includes("failed") || !states.includes("passed")) await clearGround();
  });

  return {
    cluster,
    file: () => shared!.file,
    target: () => shared!.target!,
    /** Takes the services that only other files have asked for out of the stack file. For who takes the stack away. */
    withoutOthers: () => shared!.keepOnly(Object.keys(more)),
    /** Makes the repository, and a point of each service. */
    backUp: async () => {
      for (const args of [["--init"], ["redis", "postgres", ...Object.keys(more)]]) {
        const { exitCode, printed } = await shared!.file.run("backup", ...args);
        assert.equal(exitCode, 0, printed);
      }
    },
    inRedis,
    redisShell: (script: string) => run(redis, "redis", ["sh", "-c", script]),
    inPostgres,
  };
}

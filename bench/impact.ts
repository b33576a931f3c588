import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import type { Progress } from "../local-cluster/progress";
import { ensureTools } from "../local-cluster/tools";
import { checkout } from "../ops/pulumi/project";
import { startApi } from "../tests/manifests/api-server";
import { committedConfig } from "../tests/manifests/objects";
import { measurePairs, seconds } from "./measure";
import { ratioResult, type Result } from "./result";
import { makeStack, runProgram, stackName, withoutNode } from "./stack";

/** The time that the report may take, its own start included, as a multiple of the time of the preview it reads. */
const bound = 1.1;
const rounds = 9;

/** Compares `npm run impact` with `pulumi preview` of the same dev stack, on an API server without a node. */
export async function measureImpact(progress: Progress): Promise<Result[]> {
  const tools = await ensureTools(progress);
  const scratch = await mkdtemp(join(tmpdir(), "cluster-storage-bench-"));
  const api = await startApi(tools.bin);
  try {
    const cluster = { context: "bare", identifier: "bench", kubeconfig: api.kubeconfig };
    const config = { ...(await committedConfig("dev")), "cluster-storage:cluster": cluster, ...withoutNode };
    const stack = await makeStack({ program: checkout, directory: scratch, kubeconfig: api.kubeconfig, config });
    const env = { ...stack.env, CLUSTER_STORAGE_STACKS: dirname(stack.configFile!) };
    const ours = () =>
      seconds(() =>
        execa(
          process.execPath,
          ["--require", "./transpile.cjs", "ops/commands/impact.ts", "--stack", stackName, "--json"],
          {
            cwd: checkout,
            env,
            extendEnv: false,
          },
        ),
      );
    const other = () => seconds(() => runProgram(stack, "preview", "--json"));
    const pairs = await progress.step("impact against preview", () =>
      measurePairs({ rounds, ours, other, note: progress.info }),
    );
    return [ratioResult("impact of the dev stack", pairs, bound)];
  } finally {
    await api.stop();
    await rm(scratch, { recursive: true, force: true });
  }
}

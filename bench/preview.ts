import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import type { Progress } from "../local-cluster/progress";
import { ensureTools } from "../local-cluster/tools";
import type { Stack } from "../ops/pulumi/stack";
import { catalogue } from "../services/catalogue";
import { startApi } from "../tests/manifests/api-server";
import { committedConfig, objectsOf, planOf } from "../tests/manifests/objects";
import { measurePairs, seconds } from "./measure";
import { passwordMark, withPasswords } from "./programs/password";
import { copied, scaledCatalogue, scaledServices } from "./programs/scaled";
import { ratioResult, type Result } from "./result";
import { makeStack, runProgram, stackName, withoutNode } from "./stack";

/** The time that our preview may take, as a multiple of a bare program's. */
const bound = 1.05;

/**
 * How many copies of the seven services, and how many pairs. A short preview needs more pairs because of the noise; the
 * longest preview takes minutes.
 */
const sizes = [
  { copies: 1, rounds: 9, warmUps: 1 },
  { copies: 10, rounds: 5, warmUps: 1 },
  { copies: 100, rounds: 2, warmUps: 0 },
];

/**
 * Compares a first preview of our program with that of a bare program that declares the same resources. Both use an API
 * server without a node.
 */
export async function measurePreview(progress: Progress): Promise<Result[]> {
  await assertNoTypeCheck();
  const tools = await ensureTools(progress);
  const scratch = await mkdtemp(join(tmpdir(), "cluster-storage-bench-"));
  const api = await startApi(tools.bin);
  try {
    await api.get("/openapi/v3/api/v1");
    const results: Result[] = [];
    for (const { copies, rounds, warmUps } of sizes) {
      const name = `preview of ${copies * copied.length} services`;
      results.push(
        await progress.step(name, async () => {
          const { ours, bare } = await makePrograms(join(scratch, String(copies)), api.kubeconfig, copies);
          if (copies === 1) await assertSameResources(ours, bare);
          const preview = (stack: Stack) => () => seconds(() => runProgram(stack, "preview"));
          return ratioResult(
            name,
            await measurePairs({ rounds, warmUps, ours: preview(ours), other: preview(bare), note: progress.info }),
            bound,
          );
        }),
      );
    }
    return results;
  } finally {
    await api.stop();
    await rm(scratch, { recursive: true, force: true });
  }
}

async function makePrograms(
  directory: string,
  kubeconfig: string,
  copies: number,
): Promise<{ ours: Stack; bare: Stack }> {
  const config = await scaledConfig(copies);
  const pulumiConfig = Object.fromEntries(Object.entries(config).filter(([key]) => key.startsWith("pulumi:")));
  const ours = await makeStack({
    program: resolve(__dirname, "programs/ours"),
    directory: join(directory, "ours"),
    kubeconfig,
    config,
    env: { BENCH_COPIES: String(copies) },
  });
  const objects = join(directory, "objects.json");
  const plan = planOf(stackName, config, scaledCatalogue(catalogue, copies));
  await writeFile(objects, JSON.stringify((await objectsOf(plan, passwordMark)).map(withPasswords)));
  const bare = await makeStack({
    program: resolve(__dirname, "programs/bare"),
    directory: join(directory, "bare"),
    kubeconfig,
    config: pulumiConfig,
    env: { BENCH_OBJECTS: objects, BENCH_CONTEXT: "bare" },
  });
  return { ours, bare };
}

/** The committed dev stack's config, changed to the bare API server and to copies of the services. */
async function scaledConfig(copies: number): Promise<Record<string, unknown>> {
  const config = await committedConfig("dev");
  const services = config["cluster-storage:services"] as Record<string, unknown>;
  return {
    ...config,
    "cluster-storage:cluster": { context: "bare", identifier: "bench" },
    "cluster-storage:services": scaledServices(services, copies),
    ...withoutNode,
  };
}

/**
 * Makes sure that our program starts as users start it, that the bare one runs without a compiler, and that Pulumi
 * checks no types in either.
 */
async function assertNoTypeCheck(): Promise<void> {
  const started = async (folder: string) => {
    const { runtime, main } = parse(await readFile(resolve(__dirname, folder, "Pulumi.yaml"), "utf8")) as {
      runtime: { options: { typescript?: boolean } };
      main: string;
    };
    return { runtime, main };
  };
  const program = await started("..");
  assert.equal(program.runtime.options.typescript, false, "Pulumi.yaml switches Pulumi's own type-check off");
  assert.deepEqual(await started("programs/ours"), program, "bench/programs/ours is not started as the program is");
  assert.deepEqual(
    await started("programs/bare"),
    { ...program, main: "index.cjs" },
    "bench/programs/bare is not run without a compiler",
  );
}

interface Preview {
  steps: { urn: string; newState: { type: string; inputs?: { metadata?: { namespace?: string; name: string } } } }[];
}

/** Both programs must declare the same objects and passwords. Only ours has components beside them. */
async function assertSameResources(ours: Stack, bare: Stack): Promise<void> {
  const declared = async (stack: Stack) => {
    const { steps } = JSON.parse(await runProgram(stack, "preview", "--json")) as Preview;
    const resources = steps.map(({ urn, newState: { type, inputs } }) => ({
      type,
      name: inputs?.metadata ? `${inputs.metadata.namespace}/${inputs.metadata.name}` : urn.split("::").at(-1),
    }));
    return resources
      .filter(({ type }) => /^(kubernetes|random):/.test(type))
      .map(({ type, name }) => `${type} ${name}`)
      .sort();
  };
  assert.deepEqual(await declared(ours), await declared(bare));
}

import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { encryptionSalt, overrideConfig, type Overrides } from "../../ops/pulumi/overrides";
import { checkout } from "../../ops/pulumi/project";
import type { Ended } from "./cli";
import { useDeployedStack, type Cluster } from "./fixture";
import { until } from "./state";

/** A checkout of its own with two stacks of a person's, in a file backend of their own, on the tests' cluster. */
export interface TwoStacks {
  directory: string;
  env: NodeJS.ProcessEnv;
  /** Where the file backend keeps its files. */
  state: string;
}

const expandable = "two-stacks";
const namespaces = ["one-cache", "one-search", "two-cache", "two-search"];

/** Both stacks, deployed once for all files that use them and taken away after the last. */
export function useTwoStacks(): () => TwoStacks {
  const cluster = useDeployedStack();
  let stacks: TwoStacks;
  users += 1;
  before("two stacks in a checkout of their own", async function () {
    this.timeout(600_000);
    stacks = await (prepared ??= prepare(cluster()));
  });
  after("without the two stacks", async function () {
    this.timeout(300_000);
    users -= 1;
    if (users === 0 && prepared) await remove(cluster(), await prepared);
  });
  return () => stacks;
}

let users = 0;
let prepared: Promise<TwoStacks> | undefined;

/** A stack's file as it is committed; `change` is laid over it. */
function stackFile({ target: { stack }, overrides }: Cluster, name: string, change: Overrides = {}): string {
  const images = overrides["cluster-storage:services"] as Record<string, Overrides> | undefined;
  const base = {
    "pulumi:autonaming": { mode: "disabled" },
    "pulumi:disable-default-providers": ["kubernetes"],
    "cluster-storage:cluster": {
      context: (overrides["cluster-storage:cluster"] as { context: string }).context,
      kubeconfig: stack.env.KUBECONFIG,
      identifier: name,
    },
    "cluster-storage:backends": {
      "local-path": { type: "existing", class: "local-path", default: true, accessModes: ["ReadWriteOnce"] },
      second: { type: "existing", class: expandable, accessModes: ["ReadWriteOnce"] },
    },
    ...(overrides["cluster-storage:mover"] ? { "cluster-storage:mover": overrides["cluster-storage:mover"] } : {}),
    "cluster-storage:services": {
      redis: { size: "1Gi", class: "local-path", namespace: `${name}-cache`, ...images?.redis },
      searxng: { size: "1Gi", class: expandable, namespace: `${name}-search`, ...images?.searxng },
    },
  };
  return overrideConfig(overrideConfig(`# Stack ${name} of the tests.\nconfig: {}\n`, base), change);
}

/** Runs a command in the checkout, as npm does. */
export async function opsIn(
  { directory, env }: TwoStacks,
  args: string[],
  more: NodeJS.ProcessEnv = {},
): Promise<Ended & { stdout: string; stderr: string }> {
  const result = await execa("node", ["ops/run.mjs", ...args], {
    cwd: directory,
    env: { ...env, ...more },
    extendEnv: false,
    all: true,
    reject: false,
    input: "",
  });
  return { exitCode: result.exitCode, printed: result.all, stdout: result.stdout, stderr: result.stderr };
}

export async function run({ directory, env }: TwoStacks, program: string, ...args: string[]): Promise<string> {
  return (await execa(program, args, { cwd: directory, env, extendEnv: false })).stdout;
}

/** A stack's own file with a change. Its salt stays, so Pulumi has no reason to write the file again. */
export const changed = (text: string, change: Overrides) => overrideConfig(text, change, encryptionSalt(text));

/** Writes a stack's file with a change for as long as `work` takes. */
export async function withChange<T>(
  stacks: TwoStacks,
  name: string,
  change: Overrides,
  work: () => Promise<T>,
): Promise<T> {
  const file = join(stacks.directory, `Pulumi.${name}.yaml`);
  const before = await readFile(file, "utf8");
  await writeFile(file, changed(before, change));
  return work().finally(() => writeFile(file, before));
}

export const up = (stacks: TwoStacks, name: string) =>
  run(stacks, "pulumi", "up", "--yes", "--skip-preview", "--stack", name, "--non-interactive", "--color", "never");

/** A checkout of its own with its own file backend, and no stack yet. */
export async function ownCheckout(cluster: Cluster): Promise<TwoStacks> {
  const scratch = await mkdtemp(join(tmpdir(), "two-stacks-"));
  const stacks = {
    directory: join(scratch, "checkout"),
    state: join(scratch, "state"),
    env: environment(cluster, join(scratch, "state")),
  };
  await mkdir(stacks.state);
  await copyCheckout(stacks.directory);
  await run(stacks, "git", "init", "--quiet", "--initial-branch", "main");
  await writeFile(join(stacks.directory, ".git/info/exclude"), "node_modules\n");
  return stacks;
}

async function prepare(cluster: Cluster): Promise<TwoStacks> {
  const stacks = await ownCheckout(cluster);
  await createClass(cluster);
  for (const name of ["one", "two"]) {
    await writeFile(join(stacks.directory, `Pulumi.${name}.yaml`), stackFile(cluster, name));
    // Writes the salt of its secrets into the file.
    await run(stacks, "pulumi", "stack", "init", name, "--non-interactive");
  }
  await commit(stacks, "Two stacks");
  for (const name of ["one", "two"]) await up(stacks, name);
  return stacks;
}

export async function commit(stacks: TwoStacks, message: string): Promise<void> {
  await run(stacks, "git", "add", "--all");
  await run(stacks, "git", "commit", "--quiet", "--message", message);
}

/** The checkout as it is, committed or not; dependencies are shared. */
async function copyCheckout(directory: string): Promise<void> {
  const left = /^(node_modules|\.node_modules-.*|\.git)$/;
  await cp(checkout, directory, { recursive: true, filter: (source) => !left.test(relative(checkout, source)) });
  await symlink(join(checkout, "node_modules"), join(directory, "node_modules"));
}

function environment({ target: { stack } }: Cluster, state: string): NodeJS.ProcessEnv {
  const who = {
    GIT_AUTHOR_NAME: "tests",
    GIT_AUTHOR_EMAIL: "tests@example.invalid",
    GIT_COMMITTER_NAME: "tests",
    GIT_COMMITTER_EMAIL: "tests@example.invalid",
  };
  const own = {
    PULUMI_BACKEND_URL: pathToFileURL(state).href,
    PULUMI_CONFIG_PASSPHRASE: "tests",
    PULUMI_CONFIG_PASSPHRASE_FILE: undefined,
  };
  const all = { ...stack.env, ...who, ...own };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** A class that lets volumes grow, which local-path's own doesn't. */
async function createClass({ kube }: Cluster): Promise<void> {
  await kube.objects.create({
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: expandable },
    ...{
      provisioner: "rancher.io/local-path",
      volumeBindingMode: "WaitForFirstConsumer",
      reclaimPolicy: "Delete",
      allowVolumeExpansion: true,
    },
  });
}

async function remove({ kube }: Cluster, { directory }: TwoStacks): Promise<void> {
  prepared = undefined;
  for (const name of namespaces) await kube.core.deleteNamespace({ name });
  await until("the two stacks' volumes are gone", async () => {
    const { items } = await kube.core.listPersistentVolume();
    return items.every(({ spec }) => !namespaces.includes(spec?.claimRef?.namespace ?? ""));
  });
  await kube.objects.delete({ apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: expandable } });
  await rm(join(directory, ".."), { recursive: true });
}

import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import type { InstanceInfo } from "../../local-cluster/instance/instance";
import { checkName } from "../../local-cluster/instance/machine";
import { statusOf } from "../../local-cluster/instance/status";
import { stateDir } from "../../local-cluster/paths";
import { pulumiEnv } from "../../local-cluster/pulumi";
import { UserError } from "../../model/user-error";
import { connect, type Kube } from "../../kube/client";
import { checkout, clusterOf, devStack, projectName, readStackConfig } from "./project";
import type { Stack } from "./stack";

/** A stack and the cluster that it is on. */
export interface Target {
  stack: Stack;
  /** Throws a UserError for a kubeconfig or context that doesn't exist. It doesn't talk to the cluster yet. */
  connect: () => Kube;
}

/** The options that choose a target. Without both, the target is the dev stack on the local cluster. */
export const targetOptions = { stack: "NAME", context: "NAME" } as const;

/** The local cluster's name. CLUSTER_STORAGE_INSTANCE is for tests, which have an instance of their own. */
export const localInstance = process.env.CLUSTER_STORAGE_INSTANCE ?? "main";

/** The deployed target that the options choose. Throws a UserError where nothing was deployed there. */
export async function findTarget({ stack, context }: { stack?: string; context?: string }): Promise<Target> {
  if (stack !== undefined && context !== undefined)
    throw new UserError(
      "--stack (your own stack) and --context (the dev stack that npm start deployed there) " +
        "can't be used together",
    );
  if (stack !== undefined) return ownTarget(stack);
  if (context !== undefined) {
    if (!existsSync(configFileIn(contextDirectory(context)))) {
      throw new UserError(
        `nothing was deployed to context "${context}" from here; npm start -- --context ${context} does`,
      );
    }
    return contextTarget(context);
  }
  return localTarget(await runningLocal());
}

/**
 * The dev stack on the local cluster. Its state is kept beside the cluster's data. Stand-in plugins are used where the
 * official ones can't be had.
 */
export async function localTarget({
  dir,
  kubeconfig,
  context,
}: Pick<InstanceInfo, "dir" | "kubeconfig" | "context">): Promise<Target> {
  const stack = await managedStack(dir, kubeconfig, true);
  return { stack, connect: () => connect(context, kubeconfig) };
}

/** The dev stack on a context of the user's kubeconfig. Its state is kept apart from the user's login and stacks. */
export async function contextTarget(context: string): Promise<Target> {
  const stack = await managedStack(
    contextDirectory(context),
    process.env.KUBECONFIG ?? path.join(os.homedir(), ".kube", "config"),
    false,
  );
  return { stack, connect: () => connect(context) };
}

/** A directory name for any context name. The names of cloud clusters contain slashes and colons. */
export function contextDirectory(context: string): string {
  return path.join(stateDir(), "contexts", encodeURIComponent(context));
}

async function ownTarget(name: string): Promise<Target> {
  const project = await projectName();
  const { context, kubeconfig } = clusterOf(await readStackConfig(name), name, project);
  const stack: Stack = {
    name,
    project,
    env: process.env,
    program: checkout,
    home: checkout,
    backend: await ownBackend(),
  };
  return { stack, connect: () => connect(context, kubeconfig) };
}

async function managedStack(directory: string, kubeconfig: string, standIns: boolean): Promise<Stack> {
  const state = path.join(directory, "pulumi");
  const configFile = configFileIn(directory);
  const home = path.dirname(configFile);
  const project = await projectName();
  await mkdir(home, { recursive: true, mode: 0o700 });
  await writeFile(path.join(home, "Pulumi.yaml"), `name: ${project}\nruntime: nodejs\n`);
  const env = { ...process.env, ...(await pulumiEnv({ stateDir: state, kubeconfig, standIns })) };
  return {
    name: devStack,
    project,
    env,
    program: checkout,
    home,
    configFile,
    backend: fileBackend(env.PULUMI_BACKEND_URL),
  };
}

/**
 * The config of the stack that is kept in this directory: the committed values with overrides. Each start writes it.
 */
export const configFileIn = (directory: string) => path.join(directory, "pulumi", "project", `Pulumi.${devStack}.yaml`);

/** The directory of the file backend that the user is logged in to; undefined for a service or a bucket. */
async function ownBackend(): Promise<string | undefined> {
  if (process.env.PULUMI_BACKEND_URL) return fileBackend(process.env.PULUMI_BACKEND_URL);
  const { stdout, exitCode, code } = await execa("pulumi", ["whoami", "--json", "--non-interactive"], {
    cwd: checkout,
    reject: false,
  });
  if (code === "ENOENT")
    throw new UserError(
      "the Pulumi CLI (pulumi) is not on PATH; --stack needs your own CLI, " +
        "so install it (https://www.pulumi.com/docs/install)",
    );
  if (exitCode !== 0) throw new UserError("not logged in to Pulumi: pulumi login, or set PULUMI_BACKEND_URL");
  return fileBackend((JSON.parse(stdout) as { url?: string }).url);
}

/** `file:///dir`, `file://~/dir` or `file://./dir` as a directory. */
export function fileBackend(url: string | undefined): string | undefined {
  if (!url?.startsWith("file://")) return undefined;
  const [location = ""] = url.slice("file://".length).split("?");
  if (location.startsWith("/")) return fileURLToPath(`file://${location}`);
  return location.startsWith("~") ? path.join(os.homedir(), location.slice(1)) : path.resolve(checkout, location);
}

/** The local cluster. Throws a UserError where it isn't running. */
export async function runningLocal(): Promise<Pick<InstanceInfo, "dir" | "kubeconfig" | "context">> {
  checkName(localInstance);
  // The instance's own module isn't used, because it loads everything that starting a cluster needs.
  const { state, dir, kubeconfig } = await statusOf(localInstance);
  if (state === "running" && kubeconfig !== undefined)
    return { dir, kubeconfig, context: `cluster-storage-${localInstance}` };
  const found = {
    absent: "there is no local cluster",
    stopped: "the local cluster is stopped",
    broken: "the local cluster was not started completely",
    running: "the local cluster is still starting",
  }[state];
  throw new UserError(`${found}: run npm start, or name another cluster with --context NAME or --stack NAME`);
}

import { join } from "node:path";
import { deleteInstance } from "../../local-cluster/instance/instance";
import { instanceDir } from "../../local-cluster/paths";
import { consoleProgress } from "../../local-cluster/progress";
import type { Kube } from "../../kube/client";
import type { Overrides } from "../../ops/pulumi/overrides";
import { deploy } from "../../ops/start/deploy";
import { prepareLocal } from "../../ops/start/local";
import type { Target } from "../../ops/pulumi/target";
import { assertUnused } from "../local-cluster";

/**
 * The instance that the product's tests share; those of the instance itself have others, which they stop and delete.
 */
export const instance = `${process.env.TEST_INSTANCE ?? "test"}-stack`;

/** TEST_KEEP leaves the instance to the next run, for those who work on these tests. */
const keep = Boolean(process.env.TEST_KEEP);

/** TEST_REAL (test:real): with the real programs of the services that take minutes to make. */
const real = () => Boolean(process.env.TEST_REAL);

export interface Cluster {
  target: Target;
  /** What the stack's config has to say here instead of what is committed, as `npm start` decides it. */
  overrides: Overrides;
  kube: Kube;
  /** Directory of the host that holds the volumes. */
  volumes: string;
}

export const progress = consoleProgress();

let started: Promise<Cluster> | undefined;
let deployed = false;

/** The cluster of these tests: from nothing at the first call in a run, what an earlier run left is deleted. */
export function useCluster(): () => Cluster {
  let cluster: Cluster;
  before("the local cluster", async function () {
    // The first run on a machine builds tools and images.
    this.timeout(2_400_000);
    cluster = await startCluster();
  });
  return () => cluster;
}

/** The same without Mocha, for what is run by hand. */
export const startCluster = (): Promise<Cluster> => (started ??= start());

/** The cluster with the whole dev stack on it. */
export function useDeployedStack(): () => Cluster {
  const cluster = useCluster();
  before("the dev stack", async function () {
    this.timeout(600_000);
    if (!deployed) await deployStack(cluster());
  });
  return cluster;
}

/** Deploys the dev stack by what `npm start` uses. */
export async function deployStack({ target, overrides }: Cluster): Promise<void> {
  await deploy(target, overrides, progress);
  deployed = true;
}

/** For who takes the dev stack away: the next test file that needs it deploys it. */
export function forgetStack(): void {
  deployed = false;
}

/** Deletes the instance where this run started it. */
export async function removeCluster(): Promise<void> {
  if (started && !keep) await deleteInstance(instance, progress);
}

async function start(): Promise<Cluster> {
  assertUnused(instance);
  if (!keep) await deleteInstance(instance, progress);
  const { target, overrides } = await prepareLocal(progress, instance, false, real());
  return { target, overrides, kube: target.connect(), volumes: join(instanceDir(instance), "volumes") };
}
